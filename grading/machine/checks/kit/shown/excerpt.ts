import { stripVTControlCharacters } from "node:util";
import { type ShownLines, shownLimits } from "../../../../protocol/messages.ts";
import { createLineSplitter } from "../words/line-splitter.ts";
import { visible } from "../words/quote-output.ts";

const stderrMark = "[stderr] ";

interface Line {
  text: string;
  stderr: boolean;
}

/** The last lines of something that a student may look at, in bounded memory however much is written. */
export interface Excerpt {
  line(text: string): void;
  /** Bytes as a program writes them; what it writes to standard error is marked where it uses both. */
  write(chunk: Buffer, stream?: "stdout" | "stderr"): void;
  /** Of what turned out to be no trouble: nothing of it is shown. */
  forget(): void;
}

export class LastLines implements Excerpt {
  #kept: Line[] = [];
  #seen = 0;
  readonly #out = createLineSplitter((text) => this.#keep({ text, stderr: false }));
  readonly #err = createLineSplitter((text) => this.#keep({ text, stderr: true }));

  constructor(private readonly title: string) {}

  line(text: string): void {
    this.#keep({ text, stderr: false });
  }

  write(chunk: Buffer, stream: "stdout" | "stderr" = "stdout"): void {
    (stream === "stdout" ? this.#out : this.#err).write(chunk);
  }

  forget(): void {
    this.#out.end();
    this.#err.end();
    this.#kept = [];
    this.#seen = 0;
  }

  #keep(line: Line): void {
    this.#seen += 1;
    this.#kept.push(line);
    if (this.#kept.length > 2 * shownLimits.lines) this.#kept = this.#kept.slice(-shownLimits.lines);
  }

  /** null when nothing but empty lines was written. A line that has no end yet is one. */
  take(): ShownLines | null {
    this.#out.end();
    this.#err.end();
    const last = this.#kept.slice(-shownLimits.lines);
    if (last.every(({ text }) => text.trim() === "")) return null;
    const onlyStderr = last.every(({ stderr }) => stderr);
    const title = onlyStderr ? `${this.title}, to standard error` : this.title;
    return {
      title: cut(readable(title), shownLimits.titleChars),
      lines: last.map(({ text, stderr }) =>
        cut(`${stderr && !onlyStderr ? stderrMark : ""}${readable(text)}`, shownLimits.lineChars),
      ),
      leftOut: this.#seen - last.length,
    };
  }
}

/** Without colours and cursor movements; what else nobody can see is shown by its number. */
const readable = (text: string) => visible(stripVTControlCharacters(text));

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const notice = " […]";
  return text.slice(0, most - notice.length) + notice;
}
