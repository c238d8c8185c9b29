import type { RunView } from "#app/_server/queries/run-view.ts";

export interface RoadStep {
  name: "Queued" | "Booting" | "Grading" | "Done";
  progress: "ahead" | "now" | "done" | "stopped";
  /** Seconds spent in it so far; null while it is ahead. For Done: from queued to the end. */
  seconds: number | null;
}

/** The road of a run at `now` (milliseconds): where it is, and how long each stretch took. */
export function roadSteps(view: Pick<RunView, "road" | "run">, now: number): RoadStep[] {
  const { queuedAt, claimedAt, runningAt, finishedAt } = view.road;
  const end = finishedAt ? Date.parse(finishedAt) : null;
  const starts = [queuedAt, claimedAt, runningAt].map((iso) => (iso ? Date.parse(iso) : null));
  const names = ["Queued", "Booting", "Grading"] as const;
  const steps = names.map((name, index): RoadStep => {
    const from = starts[index] ?? null;
    if (from === null) return { name, progress: "ahead", seconds: null };
    // A stretch ends where the next one that was reached begins, else with the run.
    const next = starts.slice(index + 1).find((at) => at !== null) ?? null;
    const to = next ?? end;
    const seconds = Math.max(0, ((to ?? now) - from) / 1000);
    if (to === null) return { name, progress: "now", seconds };
    return { name, progress: next === null && view.run.state !== "graded" ? "stopped" : "done", seconds };
  });
  const total = end === null ? null : Math.max(0, (end - Date.parse(queuedAt)) / 1000);
  const done = view.run.state === "graded" ? "done" : "stopped";
  return [...steps, { name: "Done", progress: end === null ? "ahead" : done, seconds: total }];
}
