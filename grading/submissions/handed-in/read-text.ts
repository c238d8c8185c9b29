/** What is shown of a file at most; the rest of it is in the download. */
export const shownBounds = { bytes: 512 * 1024, lines: 10_000 };

export type FileText =
  | {
      kind: "text";
      /** Without their ends. A last line that is empty because the text ends with a line's end is none. */
      lines: string[];
      /** The file goes on where these end. */
      cut: boolean;
    }
  /** Bytes that are no text. */
  | { kind: "binary" };

/**
 * The text of a file by its beginning: UTF-8, or UTF-16 with its mark. A byte of zero, or much that is no UTF-8, is
 * no text. bytes: of the whole file.
 */
export function readText(head: Uint8Array, bytes: number): FileText {
  const text = decode(head, head.length < bytes);
  if (text === null) return { kind: "binary" };
  const lines = splitLines(text);
  const whole = head.length >= bytes;
  // The last line of a beginning may be half of one.
  if (!whole && lines.length > 1) lines.pop();
  return {
    kind: "text",
    lines: lines.slice(0, shownBounds.lines),
    cut: !whole || lines.length > shownBounds.lines,
  };
}

/** At every end of a line that some system writes. */
export function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Of a text, at most so much is no UTF-8: one letter of an old encoding here and there. */
const mostBadShare = 0.02;

function decode(head: Uint8Array, cut: boolean): string | null {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(head);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(head);
  if (head.includes(0)) return null;
  const text = new TextDecoder("utf-8").decode(head, { stream: cut });
  let bad = 0;
  for (const character of text) if (character === "\ufffd") bad += 1;
  return bad > text.length * mostBadShare ? null : text;
}
