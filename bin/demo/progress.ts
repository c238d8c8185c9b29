import cliProgress from "cli-progress";
import { printable } from "../cli/terminal.ts";

/** Progress of long steps, on stderr: bars on a terminal, a line a step elsewhere. */
export interface Progress {
  /** Lines that stay. What a student wrote may be in them: no escape sequence reaches the terminal. */
  say(text: string): void;
  /** Starts a step; update with a fraction in [0, 1] (null: unknown) and a detail; done prints how long it took. */
  step(title: string): { update(fraction: number | null, detail?: string): void; done(note?: string): void };
}

export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const say = (text: string) => {
    stream.write(`${text.split("\n").map(printable).join("\n")}\n`);
  };
  return {
    say,
    step(title) {
      const started = performance.now();
      const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
      if (!stream.isTTY) {
        let lastTenth = 0;
        say(`… ${title}`);
        return {
          update(fraction, detail) {
            const tenth = fraction === null ? lastTenth : Math.floor(fraction * 10);
            if (tenth <= lastTenth) return;
            lastTenth = tenth;
            say(`  ${tenth * 10} %${detail ? `  ${detail}` : ""}`);
          },
          done: (note) => say(`✓ ${title}${note ? `: ${note}` : ""} (${seconds()})`),
        };
      }
      const bar = new cliProgress.SingleBar({
        stream,
        format: "{bar} {percentage} %  {title}  {detail}",
        barsize: 20,
        hideCursor: true,
        clearOnComplete: true,
        fps: 10,
        barCompleteChar: "█",
        barIncompleteChar: "░",
      });
      const width = Math.max(20, (stream.columns ?? 80) - title.length - 36);
      bar.start(1000, 0, { title, detail: "" });
      return {
        update(fraction, detail) {
          const payload = detail === undefined ? {} : { detail: detail.slice(0, width) };
          if (fraction === null) bar.update(payload);
          else bar.update(Math.round(fraction * 1000), payload);
        },
        done(note) {
          bar.stop();
          say(`✓ ${title}${note ? `: ${note}` : ""} (${seconds()})`);
        },
      };
    },
  };
}
