import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { type HowItWent, howItWent } from "../state/how-it-went.ts";
import { triesOf } from "./tries-of.ts";

export interface RoadStep {
  name: "Queued" | "Queued again" | "Booting" | "Kubernetes" | "Grading" | "Done";
  progress: "ahead" | "now" | "done" | "stopped";
  /** Seconds spent in it so far; null while it is ahead. For Done: from first queued to the end, all attempts. */
  seconds: number | null;
  /** Of Done alone: how the run went; null while there is no score. */
  went: HowItWent | null;
}

type RoadOf = Pick<RunView, "road" | "kubernetes" | "attempts"> & {
  run: Pick<RunView["run"], "state" | "attempt" | "queuedAt" | "score" | "maxScore">;
};

/**
 * The road of a run's current attempt at `now` (milliseconds): where it is, and how long each stretch took. What an
 * attempt before took is in the whole alone.
 */
export function roadSteps(view: RoadOf, now: number): RoadStep[] {
  const { finishedAt } = view.road;
  const end = finishedAt ? Date.parse(finishedAt) : null;
  const stretches = stretchesOf(view);
  const starts = stretches.map(({ from }) => (from ? Date.parse(from) : null));
  const steps = stretches.map(({ name }, index): RoadStep => {
    const from = starts[index] ?? null;
    if (from === null) return { name, progress: "ahead", seconds: null, went: null };
    // A stretch ends where the next one that was reached begins, else with the run.
    const next = starts.slice(index + 1).find((at) => at !== null) ?? null;
    const to = next ?? end;
    const seconds = Math.max(0, ((to ?? now) - from) / 1000);
    if (to === null) return { name, progress: "now", seconds, went: null };
    const stopped = next === null && view.run.state !== "graded";
    return { name, progress: stopped ? "stopped" : "done", seconds, went: null };
  });
  return [...steps, doneStep(view, end)];
}

/** end: in milliseconds; null while the run goes on. */
function doneStep({ run }: RoadOf, end: number | null): RoadStep {
  if (end === null) return { name: "Done", progress: "ahead", seconds: null, went: null };
  return {
    name: "Done",
    progress: run.state === "graded" ? "done" : "stopped",
    seconds: Math.max(0, (end - Date.parse(run.queuedAt)) / 1000),
    went: howItWent(run.score, run.maxScore),
  };
}

/** A machine with a Kubernetes starts it before it grades. */
function stretchesOf(view: RoadOf) {
  const { road, kubernetes } = view;
  const { queuedAt, claimedAt, runningAt, kubernetesReadyAt } = road;
  const before = [
    { name: triesOf(view).number > 1 ? ("Queued again" as const) : ("Queued" as const), from: queuedAt },
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
}: {
  run: Pick<RunView["run"], "state">;
  road: Pick<RunView["road"], "kubernetesReadyAt">;
  kubernetes: RunView["kubernetes"];
}): boolean {
  return run.state === "running" && kubernetes !== null && road.kubernetesReadyAt === null;
}
