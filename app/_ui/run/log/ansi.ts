/**
 * Log lines are a student's text: colours are kept, every other terminal command is dropped (cursor moves, titles,
 * links, clipboard writes), and characters that would reorder or hide text are shown by their number.
 */

import { codePointName } from "../../format.ts";

export type AnsiColor = "black" | "red" | "green" | "yellow" | "blue" | "magenta" | "cyan" | "white";

export interface Span {
  text: string;
  color: AnsiColor | null;
  bold: boolean;
}

const colors: AnsiColor[] = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

// OSC and other string commands first (they may hold anything up to their end), then CSI, then two-byte escapes.
const commands =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what this looks for
  /\x1b[\]PX^_][\s\S]*?(?:\x07|\x1b\\|$)|\x1b\[([0-9;:]*)([\x20-\x2f]*)([\x40-\x7e]?)|\x1b[\x20-\x2f]*[\x30-\x7e]?/g;
// What hides or turns text, and letters that are drawn as nothing; not the variation selectors that colour an emoji.
const invisible =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\p{Cf}\p{Bidi_Control}\u2028\u2029\u115f\u1160\u3164\uffa0]|\u034f/gu;

/** Makes every control and reordering character visible as ⟨U+202E⟩. Tabs stay. */
function showInvisible(text: string): string {
  return text.replace(invisible, (character) => `⟨${codePointName(character)}⟩`);
}

/** What a terminal would leave on screen of a line that was written over with carriage returns. */
function lastDrawn(line: string): string {
  if (!line.includes("\r")) return line;
  const drawn = line.split("\r").filter((part) => part !== "");
  return drawn.at(-1) ?? "";
}

function applyCodes(style: Omit<Span, "text">, codes: string): Omit<Span, "text"> {
  let next = style;
  const list = codes === "" ? [0] : codes.split(/[;:]/).map(Number);
  for (let i = 0; i < list.length; i++) {
    const code = list[i] ?? 0;
    if (code === 0) next = { color: null, bold: false };
    else if (code === 1) next = { ...next, bold: true };
    else if (code === 22) next = { ...next, bold: false };
    else if (code === 39) next = { ...next, color: null };
    else if (code >= 30 && code <= 37) next = { ...next, color: colors[code - 30] ?? null };
    else if (code >= 90 && code <= 97) next = { ...next, color: colors[code - 90] ?? null };
    // 256 colours and true colours: their own numbers must not be read as codes.
    else if (code === 38 || code === 48) i += list[i + 1] === 5 ? 2 : 4;
  }
  return next;
}

/** The line as coloured spans; the texts joined are plainText(line). */
export function ansiSpans(line: string): Span[] {
  const source = lastDrawn(line);
  const spans: Span[] = [];
  let style: Omit<Span, "text"> = { color: null, bold: false };
  let from = 0;
  const push = (to: number) => {
    if (to > from) spans.push({ text: showInvisible(source.slice(from, to)), ...style });
  };
  for (const match of source.matchAll(commands)) {
    push(match.index);
    from = match.index + match[0].length;
    if (match[3] === "m" && match[2] === "") style = applyCodes(style, match[1] ?? "");
  }
  push(source.length);
  return spans;
}

/** The line without colours: what is searched and copied. */
export function plainText(line: string): string {
  return ansiSpans(line)
    .map((span) => span.text)
    .join("");
}

/** Splits text at every case-insensitive occurrence of the query. */
export function splitAtMatches(text: string, query: string): { text: string; hit: boolean }[] {
  if (query === "") return [{ text, hit: false }];
  const haystack = text.toLowerCase();
  const needle = query.toLowerCase();
  // Lower-casing changes the length of a few letters; then positions would lie, so nothing is marked.
  if (haystack.length !== text.length) return [{ text, hit: false }];
  const pieces: { text: string; hit: boolean }[] = [];
  let from = 0;
  for (let at = haystack.indexOf(needle); at !== -1; at = haystack.indexOf(needle, from)) {
    if (at > from) pieces.push({ text: text.slice(from, at), hit: false });
    from = at + needle.length;
    pieces.push({ text: text.slice(at, from), hit: true });
  }
  if (from < text.length) pieces.push({ text: text.slice(from), hit: false });
  return pieces;
}
