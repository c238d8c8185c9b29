/** A text of a form without space around it, or what is wrong with it. */
export function readText(
  typed: string,
  { name, longest }: { name: string; longest: number },
): { text: string } | { message: string } {
  // Browsers send lines as CRLF; files have LF.
  const text = typed.replaceAll("\r\n", "\n").trim();
  if (text === "") return { message: `Write ${name}: it is empty.` };
  if (text.length > longest) {
    return { message: `It has ${text.length} characters: shorten it to ${longest}.` };
  }
  // No database keeps it, and nobody types it.
  if (text.includes("\u0000")) return { message: "It has a character that no text has: write it anew." };
  return { text };
}
