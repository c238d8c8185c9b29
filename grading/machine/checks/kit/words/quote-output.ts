const shown = 600;

/** A student's text inside a sentence: quoted, cut in the middle, escape sequences made visible. */
export function quoteOutput(text: string): string {
  const trimmed = text.trim();
  const cut =
    trimmed.length > shown
      ? `${trimmed.slice(0, shown / 2)} […] ${trimmed.slice(trimmed.length - shown / 2)}`
      : trimmed;
  return trimmed === "" ? "nothing" : `“${visible(cut)}”`;
}

/** The last lines of an output, under a sentence. */
function lastLines(text: string, count = 15): string {
  const lines = text
    .trimEnd()
    .split(/\r?\n/)
    .slice(-count)
    .map((line) => (line.length > 400 ? `${line.slice(0, 400)} […]` : line));
  return visible(lines.join("\n"));
}

/** "It wrote nothing." or its last line, where an excerpt beside it shows more. */
export function lastLineInWords(text: string): string {
  const last =
    text
      .trimEnd()
      .split(/[\r\n]+/)
      .at(-1) ?? "";
  return last.trim() === "" ? "It wrote nothing." : `Its last line was ${quoteOutput(last)}.`;
}

/** "It wrote nothing." or its last lines. */
export const outputInWords = (text: string) =>
  text.trim() === "" ? "It wrote nothing." : `Its last output:\n${lastLines(text)}`;

/** Control and format characters by their number, but for newline and tab. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (c) =>
    c === "\n" || c === "\t" ? c : `\\x${(c.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}`,
  );
}
