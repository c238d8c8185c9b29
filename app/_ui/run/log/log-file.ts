import type { StreamedEvent } from "#app/_server/events/streamed-event.ts";
import { formatSeconds, plural } from "../../format.ts";
import { stateWord } from "../../state/state-tag.tsx";
import { plainText } from "./ansi.ts";

/**
 * A run's log as a file of text: its lines in the order in which they were written, without colours, with a heading
 * wherever another check, the machine or another attempt goes on. Give it the events in their order, some at a time.
 */
export function createLogFile(): {
  add(events: readonly StreamedEvent[]): string;
  end(runEnded: boolean): string;
} {
  let attempt = 0;
  /** null: the machine itself; undefined: nobody yet. */
  let writer: string | null | undefined;
  let lines = 0;
  const titles = new Map<string, string>();

  const heading = (words: string) => `\n──── ${words} ────\n`;
  const enter = (who: string | null) => {
    if (writer === who) return "";
    writer = who;
    return heading(who === null ? "Machine" : plainText(titles.get(who) ?? who));
  };
  const tell = (told: StreamedEvent): string => {
    const { event } = told;
    if (event.type === "state") return "";
    let text = "";
    if (told.attempt !== attempt) {
      attempt = told.attempt;
      writer = undefined;
      text = `${lines === 0 ? "" : "\n"}════ Attempt ${attempt} ════\n`;
    }
    if (event.type === "log") {
      lines += 1;
      return `${text}${enter(event.check)}${notOurs(plainText(event.line))}\n`;
    }
    titles.set(event.check, event.title);
    if (event.type === "check-started") return text + enter(event.check);
    const result = `${stateWord(event.verdict)}, ${formatSeconds(event.durationMs / 1000)}`;
    return `${text}${enter(event.check)}(${result})\n`;
  };

  return {
    add: (events) => events.map(tell).join(""),
    end: (runEnded) =>
      `\n${runEnded ? `The end of the log: ${plural(lines, "line")}.` : `The run goes on: this is its log so far, ${plural(lines, "line")}.`}\n`,
  };
}

/** A line that was written to pass for one of this file's own headings is set in by a space. */
const notOurs = (line: string): string => (ours.test(line) ? ` ${line}` : line);
const ours = /^\s*(?:[─═]{2}|\((?:Passed|Failed|Not graded)\b|The end of the log\b|The run goes on\b)/u;
