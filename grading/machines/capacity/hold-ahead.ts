import type { Clock } from "#course/clock.ts";
import type { MachineKind } from "../machine-kind.ts";
import type { PoolDemand } from "../plan-pool.ts";
import { type ArrivalCurve, learnCurve, type PastDeadline } from "./arrival-curve.ts";
import { type ClassWork, comingDeadlines, type DueWork } from "./coming-deadlines.ts";
import { defaultCapacitySettings, type KindHold, planCapacity } from "./plan-capacity.ts";

/** What is known of the machines of a kind from those that there were; null where there were too few. */
export interface PastFigures {
  kind: MachineKind;
  /** Medians, as KindFigures has them. */
  bootSeconds: number | null;
  runSeconds: number | null;
}

/** Runs and machines of a kind at this moment, as KindFigures has them. */
export interface KindLoad {
  kind: MachineKind;
  waiting: number;
  underWay: number;
}

/** What holding ahead needs of the database. Reads only. */
export interface CapacityReads {
  /** Exercises that were released by `now` and that somebody may still be due to hand in after it. */
  readWorks(now: Date): Promise<ClassWork[]>;
  /** What came in for assignments that were due between the two instants. */
  readPast(since: Date, now: Date): Promise<PastDeadline[]>;
  readFigures(kinds: readonly MachineKind[]): Promise<PastFigures[]>;
  /** Of every kind of which a run waits or a machine is there; machines that wait in the pool are left out. */
  readLoads(now: Date): Promise<KindLoad[]>;
}

export interface HoldSettings {
  /** Machines at once. */
  cap: number;
  /** vCPUs that the account may have at once; null: nobody said, so the cap alone counts. */
  quotaVcpus: number | null;
  vcpusOf(kind: MachineKind): number;
  /** Machines that wait whatever comes: their places and vCPUs are left to them. */
  always: { kind: MachineKind; machines: number };
  /** Of a machine that nothing is known of yet: from the launch until it can take a run. */
  bootSeconds: number;
}

/** Machines of one kind that are to wait, and what their runs will ask of them. */
export interface HeldKind extends KindHold {
  demand: PoolDemand[];
}

/** Who says what is to wait in the pool besides its usual size. */
export interface PoolAhead {
  /** Kinds of which none is to wait need not be named. */
  hold(): Promise<HeldKind[]>;
}

const hourMs = 3_600_000;
/** The curve has nothing of what lies further ahead. */
const horizonMs = 8 * 24 * hourMs;
/** Earlier assignments of this term and the one before. */
const memoryMs = 300 * 24 * hourMs;
/** How students hand in and how long machines take changes slowly. */
const learnedForMs = 600_000;
/** Of a run that nothing is known of yet. */
const usualRunSeconds = 300;
/** Machines are made for what is due so soon after the first; what is due later has its turn. */
const togetherMs = 6 * hourMs;

/** Follows coming deadlines by planCapacity; asked more often than it plans, it says what it said. */
export function holdForDeadlines(reads: CapacityReads, settings: HoldSettings, clock: Clock): PoolAhead {
  const learned = lasting(learnedForMs, clock, (now) => learn(reads, now));
  const plan = lasting(defaultCapacitySettings.everySeconds * 1000, clock, async (now) => {
    const until = new Date(now.getTime() + horizonMs);
    const deadlines = comingDeadlines(await reads.readWorks(now), now, until);
    if (deadlines.length === 0) return [];
    return planFor(deadlines, await learned(), await reads.readLoads(now), settings, now);
  });
  return { hold: plan };
}

interface Learned {
  curve: ArrivalCurve;
  figures: PastFigures[];
}

async function learn(reads: CapacityReads, now: Date): Promise<Learned> {
  const works = await reads.readWorks(now);
  const kinds = [...new Set(works.map(({ machineKind }) => machineKind))];
  const past = await reads.readPast(new Date(now.getTime() - memoryMs), now);
  return { curve: learnCurve(past), figures: await reads.readFigures(kinds) };
}

/** Pure. */
function planFor(
  deadlines: readonly DueWork[],
  { curve, figures }: Learned,
  loads: readonly KindLoad[],
  { cap, quotaVcpus, vcpusOf, bootSeconds, always }: HoldSettings,
  now: Date,
): HeldKind[] {
  const names = new Set([...deadlines, ...loads].map(({ kind }) => kind));
  const kinds = [...names].map((kind) => {
    const past = figures.find((one) => one.kind === kind);
    const { waiting, underWay } = loads.find((one) => one.kind === kind) ?? { waiting: 0, underWay: 0 };
    return {
      ...{ kind, waiting, underWay, vcpus: vcpusOf(kind) },
      bootSeconds: past?.bootSeconds ?? bootSeconds,
      runSeconds: past?.runSeconds ?? usualRunSeconds,
    };
  });
  const { hold } = planCapacity({
    ...{ now, deadlines, curve, kinds, cap: cap - always.machines },
    quotaVcpus: (quotaVcpus ?? Number.POSITIVE_INFINITY) - always.machines * vcpusOf(always.kind),
    settings: { horizonSeconds: 0 },
  });
  return hold
    .filter(({ machines }) => machines > 0)
    .map((one) => ({ ...one, demand: demandOf(deadlines.filter(({ kind }) => kind === one.kind)) }));
}

/** deadlines: of one kind, the nearest first. */
function demandOf(deadlines: readonly DueWork[]): PoolDemand[] {
  const first = deadlines[0]?.dueAt.getTime() ?? 0;
  return deadlines
    .filter(({ dueAt }) => dueAt.getTime() - first < togetherMs)
    .map(({ nodes, timeoutSeconds, students, handedIn }) => ({
      ...{ nodes, timeoutSeconds, runs: Math.max(1, students - handedIn) },
    }));
}

/** Asks again once what it was told is so old, either way: the clock may have been set back. */
function lasting<Value>(
  forMs: number,
  clock: Clock,
  ask: (now: Date) => Promise<Value>,
): () => Promise<Value> {
  let known: { at: Date; value: Value } | null = null;
  return async () => {
    const now = clock();
    if (known === null || Math.abs(now.getTime() - known.at.getTime()) >= forMs)
      known = { at: now, value: await ask(now) };
    return known.value;
  };
}
