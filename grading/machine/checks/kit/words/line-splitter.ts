import { StringDecoder } from "node:string_decoder";

/** Characters of one line that are kept while it grows; the rest is counted only. */
const maxHeld = 8000;

/**
 * Cuts bytes into lines for the live log, in bounded memory however long a line is. A line longer than what the
 * protocol takes is cut with a notice; a carriage return that overwrites a line (progress bars) counts as its end.
 */
export function createLineSplitter(onLine: (line: string) => void) {
  const decoder = new StringDecoder("utf8");
  let held = "";
  let dropped = 0;

  function hold(piece: string): void {
    const room = maxHeld - held.length;
    held += piece.slice(0, room);
    dropped += Math.max(0, piece.length - room);
  }
  function release(): void {
    onLine(dropped > 0 ? `${held} [cut here: ${dropped} more characters on this line]` : held);
    held = "";
    dropped = 0;
  }
  function take(text: string): void {
    let start = 0;
    for (let end = nextBreak(text, start); end >= 0; end = nextBreak(text, start)) {
      hold(text.slice(start, end));
      release();
      start = end + (text.startsWith("\r\n", end) ? 2 : 1);
    }
    hold(text.slice(start));
  }

  return {
    write: (chunk: Buffer) => take(decoder.write(chunk)),
    end() {
      take(decoder.end());
      if (held !== "" || dropped > 0) release();
    },
  };
}

function nextBreak(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return at;
  }
  return -1;
}
