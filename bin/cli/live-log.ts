import type { RunEvent } from "#grading/protocol/messages.ts";
import { formatPoints, formatSeconds } from "./table.ts";
import { type Output, paint, printable, type Style } from "./terminal.ts";

export type Mark = { sign: string; style: Style };

/** The sign of a verdict; the word stands beside it everywhere, so that colour is never the only bearer. */
export function markOf(verdict: "passed" | "failed" | "not_graded"): Mark {
  if (verdict === "passed") return { sign: "✓", style: "green" };
  if (verdict === "failed") return { sign: "✗", style: "red" };
  return { sign: "?", style: "yellow" };
}

/** One event of a run as a line for the terminal, or null when it says nothing there. */
export function formatEvent(output: Output, event: RunEvent): string | null {
  switch (event.type) {
    case "log":
      return paint(output, "grey", `    ${printable(event.line)}`);
    case "check-started":
      return paint(output, "blue", `▸ ${printable(event.title)}`);
    case "check-finished": {
      const { sign, style } = markOf(event.verdict);
      const points = `${formatPoints(event.points)}/${formatPoints(event.maxPoints)}`;
      const verdict = event.verdict.replace("_", " ");
      return `${paint(output, style, `${sign} ${verdict}`)} ${printable(event.title)} ${points} ${formatSeconds(event.durationMs)}`;
    }
    case "state":
      return event.detail === null ? null : paint(output, "grey", `  ${printable(event.detail)}`);
  }
}
