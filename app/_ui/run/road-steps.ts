import type { RunView } from "#app/_server/queries/run/run-view.ts";

export interface RoadStep {
  name: "Queued" | "Booting" | "Kubernetes" | "Grading" | "Done";
  progress: "ahead" | "now" | "done" | "stopped";
  /** Seconds spent in it so far; null while it is ahead. For Done: from queued to the end. */
  seconds: number | null;
}

/** The road of a run at `now` (milliseconds): where it is, and how long each stretch took. */
export function roadSteps(view: Pick<RunView, "road" | "run" | "kubernetes">, now: number): RoadStep[] {
  const { queuedAt, finishedAt } = view.road;
  const end = finishedAt ? Date.parse(finishedAt) : null;
  const stretches = stretchesOf(view);
  const starts = stretches.map(({ from }) => (from ? Date.parse(from) : null));
  const steps = stretches.map(({ name }, index): RoadStep => {
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

/** A machine with a Kubernetes starts it before it grades. */
function stretchesOf({ road, kubernetes }: Pick<RunView, "road" | "kubernetes">) {
  const { queuedAt, claimedAt, runningAt, kubernetesReadyAt } = road;
  const before = [
    { name: "Queued" as const, from: queuedAt },
    { name: "Booting" as const, from: claimedAt },
  ];
  if (kubernetes === null) return [...before, { name: "Grading" as const, from: runningAt }];
  return [
    ...before,
    { name: "Kubernetes" as const, from: runningAt },
    { name: "Grading" as const, from: kubernetesReadyAt },
  ];
}

/** Whether the machine is there, but its Kubernetes is not yet. */
export function startsKubernetes({
  run,
  road,
  kubernetes,
}: Pick<RunView, "road" | "run" | "kubernetes">): boolean {
  return run.state === "running" && kubernetes !== null && road.kubernetesReadyAt === null;
}
