import cliProgress from "cli-progress";
import { printable } from "../cli/terminal.ts";

/** Progress of long steps, on stderr: bars on a terminal, a line a step elsewhere. */
export interface Progress {
  /** Lines that stay. What a student wrote may be in them: no escape sequence reaches the terminal. */
  say(text: string): void;
  /** Shows a step for as long as the work takes, then how long that was; it ends with the work, also where that throws. */
  step<T>(title: string, work: (update: UpdateStep) => Promise<T>): Promise<T>;
}

/** fraction: in [0, 1], null while unknown. */
export type UpdateStep = (fraction: number | null, detail?: string) => void;

interface ShownStep {
  update: UpdateStep;
  /** Takes away what is not to stay. */
  end(): void;
}

export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const say = (text: string) => {
    stream.write(`${text.split("\n").map(printable).join("\n")}\n`);
  };
  return {
    say,
    async step(title, work) {
      const started = performance.now();
      const shown = stream.isTTY ? showBar(stream, title) : showLines(say, title);
      let mark = "✗";
      try {
        const result = await work(shown.update);
        mark = "✓";
        return result;
      } finally {
        shown.end();
        say(`${mark} ${title} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
      }
    },
  };
}

/** A line for each tenth. */
function showLines(say: Progress["say"], title: string): ShownStep {
  let lastTenth = 0;
  say(`… ${title}`);
  return {
    update(fraction, detail) {
      const tenth = fraction === null ? lastTenth : Math.floor(fraction * 10);
      if (tenth <= lastTenth) return;
      lastTenth = tenth;
      say(`  ${tenth * 10} %${detail ? `  ${detail}` : ""}`);
    },
    end() {},
  };
}

function showBar(stream: NodeJS.WriteStream, title: string): ShownStep {
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
    end: () => bar.stop(),
  };
}
