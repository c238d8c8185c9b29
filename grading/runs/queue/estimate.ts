import { FairQueue, type Holder, isSuperseded, type WaitingRun } from "./fair-queue.ts";

export interface QueueSight {
  fleetMax: number;
  /** cannotStart: something that it needs is not there yet, whatever room there is. */
  waiting: readonly (WaitingRun & { cannotStart: boolean })[];
  /** seconds: since it was claimed. */
  underWay: readonly (Holder & { seconds: number })[];
  /** Seconds from claim to end of each exercise's last graded runs: waiting in the queue is not in it. */
  durations: ReadonlyMap<string, readonly number[]>;
}

/** A queued run's place in the fair order. */
export interface Place {
  /** 1 for the run that starts next. Those that cannot start yet come behind all others. */
  position: number;
  superseded: boolean;
  estimate: Estimate;
}

export type Estimate =
  | {
      outcome: "estimate";
      /** Seconds until this run is expected to start, and to end. */
      startSeconds: number;
      finishSeconds: number;
      /** Seconds until its end when everything is as slow as the slowest tenth. */
      slowFinishSeconds: number;
      /** How many past runs of its exercise this rests on. */
      basedOn: number;
      /** The run whose end it waits for, where that one should have ended by now; null where the estimate holds. */
      overdue: Overdue | null;
    }
  | { outcome: "no-estimate"; why: string };

export interface Overdue {
  /** For how long the run before it has been going, since its claim. */
  seconds: number;
  /** How long runs of that one's exercise usually take. */
  usualSeconds: number;
}

/** How long the last graded runs of an exercise took, in seconds from claim to end. */
export interface Usual {
  seconds: number;
  /** Of the slowest tenth. */
  slowSeconds: number;
  basedOn: number;
}

/** null without any run to tell from. */
export function usualOf(durations: readonly number[]): Usual | null {
  if (durations.length === 0) return null;
  return {
    seconds: Math.round(percentile(durations, 0.5)),
    slowSeconds: Math.round(percentile(durations, 0.9)),
    basedOn: durations.length,
  };
}

/**
 * The place of every queued run: runs under way and waiting are laid onto the fleet's places in the fair order, each
 * as long as the past runs of its exercise (median; slow: 90th percentile). Without history it says so.
 */
export function estimateQueue(sight: QueueSight): Map<string, Place> {
  const starts = startsOf(sight, durationsAt(sight, 0.5));
  const slowStarts = new Map(
    [...startsOf(sight, durationsAt(sight, 0.9))].map(([id, { at }]) => [id, at] as const),
  );
  const known = new Map(sight.waiting.map((run) => [run.id, run]));
  const places = new Map<string, Place>();
  for (const [id, start] of starts) {
    const run = known.get(id);
    if (run === undefined) continue;
    const durations = sight.durations.get(run.exercise) ?? [];
    const estimate = estimateOf(durations, start, slowStarts.get(id) ?? start.at);
    places.set(id, { position: places.size + 1, superseded: isSuperseded(run), estimate });
  }
  return places;
}

function estimateOf(
  durations: readonly number[],
  { at: start, overdue }: Start,
  slowStart: number,
): Estimate {
  if (durations.length === 0) {
    return { outcome: "no-estimate", why: "No run of this exercise has finished yet." };
  }
  const finish = start + percentile(durations, 0.5);
  return {
    outcome: "estimate",
    startSeconds: Math.round(start),
    finishSeconds: Math.round(finish),
    // Slower runs ahead can bring the order of turns about, but nothing slow ends sooner.
    slowFinishSeconds: Math.round(Math.max(finish, slowStart + percentile(durations, 0.9))),
    basedOn: durations.length,
    overdue,
  };
}

interface Start {
  /** Seconds from now. */
  at: number;
  overdue: Overdue | null;
}

/** Of an exercise without history: as long as all that is known. */
function durationsAt({ durations }: QueueSight, share: number): (exercise: string) => number {
  const all = [...durations.values()].flat();
  const usual = all.length === 0 ? 0 : percentile(all, share);
  const known = new Map([...durations].map(([exercise, some]) => [exercise, percentile(some, share)]));
  return (exercise) => known.get(exercise) ?? usual;
}

/** When each waiting run starts, in the order of starting; those that cannot start come last. */
function startsOf(sight: QueueSight, durationOf: (exercise: string) => number): Map<string, Start> {
  const starts = new Map<string, Start>();
  const able = new FairQueue(
    sight.waiting.filter((run) => !run.cannotStart),
    sight.underWay,
  );
  const busy = sight.underWay.map((run) => ({
    holder: run as Holder,
    until: Math.max(0, durationOf(run.exercise) - run.seconds),
    overdue: overdueOf(run.seconds, durationOf(run.exercise)),
  }));
  let now = 0;
  // Of the run whose end let the next one start.
  let overdue: Overdue | null = null;
  for (;;) {
    while (busy.length < sight.fleetMax) {
      const run = able.take();
      if (run === null) break;
      starts.set(run.id, { at: now, overdue });
      busy.push({ holder: run, until: now + durationOf(run.exercise), overdue: null });
    }
    const ended = takeFirst(busy);
    if (ended === null) break;
    now = ended.until;
    overdue = ended.overdue;
    able.end(ended.holder);
  }
  for (const id of inOrder(sight.waiting.filter((run) => run.cannotStart)))
    starts.set(id, { at: now, overdue: null });
  return starts;
}

function overdueOf(seconds: number, usual: number): Overdue | null {
  if (usual <= 0 || seconds < usual) return null;
  return { seconds: Math.round(seconds), usualSeconds: Math.round(usual) };
}

/** The one that ends first, taken out. */
function takeFirst<Busy extends { until: number }>(busy: Busy[]): Busy | null {
  const first = busy.reduce<Busy | null>((a, b) => (a === null || b.until < a.until ? b : a), null);
  if (first !== null) busy.splice(busy.indexOf(first), 1);
  return first;
}

/** As if each ended before the next one starts. */
function inOrder(waiting: readonly WaitingRun[]): string[] {
  const queue = new FairQueue(waiting, []);
  const ids: string[] = [];
  for (let run = queue.take(); run !== null; run = queue.take()) {
    ids.push(run.id);
    queue.end(run);
  }
  return ids;
}

/** Nearest rank; values must not be empty. */
function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
