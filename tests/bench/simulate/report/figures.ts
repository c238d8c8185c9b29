import { billedSeconds, perSecondAfterMinute } from "#course/cost/cost-of.ts";
import type { FakeLife } from "#infra/compute/fake/fake-provider.ts";
import { percentile } from "../../table.ts";
import type { Policy } from "../fleet/hold.ts";
import type { SimulatedRun } from "../fleet/rows.ts";
import type { Simulated } from "../simulate.ts";
import { besidesUsdPerHour } from "../world/weather.ts";

export interface Waits {
  submissions: number;
  /** Seconds from the submission until the machine that graded it began. */
  p50: number;
  p95: number;
}

/** What one policy came to. */
export interface PolicyFigures {
  policy: Policy;
  all: Waits;
  /** Handed in within an hour before the own deadline. */
  lastHour: Waits;
  /** Of these, those that no trouble with the provider or the worker was near. */
  fairLastHour: Waits;
  usd: number;
  machines: number;
  /** Hours of machines together, and of these before a run had them. */
  machineHours: number;
  idleHours: number;
  mostAtOnce: number;
  interrupted: number;
  lateResultsRefused: number;
  notGradable: number;
  /** All of these must be 0. */
  secondsPastLease: number;
  machinesLeft: number;
  lostRuns: number;
  gradedTwice: number;
  defects: number;
}

export function figuresOf(simulated: Simulated): PolicyFigures {
  const { policy, rows, provider, agents, samples, endedAt } = simulated;
  const runs = [...rows.runs.values()];
  const waits = runs.flatMap((run) => {
    const wait = waitOf(simulated, run);
    const { at, dueAt } = run.arrival;
    return wait === null ? [] : [{ at: at.getTime(), lead: dueAt.getTime() - at.getTime(), wait }];
  });
  const inLastHour = waits.filter(({ lead }) => lead <= 3_600_000);
  // What is left is counted up to the end.
  const lives = provider.lives().map((life) => ({ ...life, endedAt: life.endedAt ?? endedAt }));
  const states = runs.map(({ status }) => status.state);
  return {
    policy,
    all: waitsOf(waits.map(({ wait }) => wait)),
    lastHour: waitsOf(inLastHour.map(({ wait }) => wait)),
    fairLastHour: waitsOf(inLastHour.filter(({ at }) => isFair(simulated, at)).map(({ wait }) => wait)),
    usd: lives.reduce((sum, life) => sum + usdOf(life), 0),
    machines: lives.length,
    machineHours: lives.reduce((sum, life) => sum + secondsOf(life), 0) / 3600,
    idleHours: lives.reduce((sum, life) => sum + idleSecondsOf(simulated, life), 0) / 3600,
    mostAtOnce: samples.reduce((most, { idle, busy }) => Math.max(most, idle + busy), 0),
    interrupted: lives.filter(({ interrupted }) => interrupted).length,
    lateResultsRefused: agents.refusedLate,
    notGradable: states.filter((state) => state === "not_gradable").length,
    secondsPastLease: lives.reduce((sum, life) => sum + secondsPastLease(simulated, life), 0),
    machinesLeft: provider.count(),
    lostRuns: runs.filter(({ status, counts }) => !isEnded(status.state, counts)).length,
    gradedTwice: runs.filter(({ graded }) => graded > 1).length,
    defects: rows.defects.length,
  };
}

/** Nothing may have leaked, been lost or come to count twice. */
export const isSound = (figures: PolicyFigures): boolean =>
  [
    figures.secondsPastLease,
    figures.machinesLeft,
    figures.lostRuns,
    figures.gradedTwice,
    figures.defects,
  ].every((figure) => figure === 0);

/** From a quarter of an hour before a trouble to half an hour after it, in which what piled up is graded, it is none. */
const isFair = ({ troubles }: Simulated, at: number) =>
  !troubles.some(({ from, until }) => at > from - 900_000 && at < until + 1_800_000);

/** A result that counts, or staff know that there is none. */
const isEnded = (state: string, counts: boolean) =>
  (state === "graded" || state === "not_gradable") && counts;

function waitOf({ rows }: Simulated, { id, status, arrival }: SimulatedRun): number | null {
  if (status.state !== "graded") return null;
  const startedAt = rows.startedAt.get(`${id} ${status.attempt}`);
  return startedAt === undefined ? null : (startedAt - arrival.at.getTime()) / 1000;
}

function waitsOf(waits: number[]): Waits {
  if (waits.length === 0) return { submissions: 0, p50: Number.NaN, p95: Number.NaN };
  return { submissions: waits.length, p50: percentile(waits, 50), p95: percentile(waits, 95) };
}

type Life = FakeLife & { endedAt: Date };

const secondsOf = ({ launchedAt, endedAt }: Life) => (endedAt.getTime() - launchedAt.getTime()) / 1000;

/** Taken away in its first hour its compute is free; address and volume are not. */
function usdOf(life: Life): number {
  const seconds = billedSeconds(secondsOf(life), perSecondAfterMinute);
  const isFree = life.interrupted && secondsOf(life) < 3600;
  return ((isFree ? besidesUsdPerHour : life.usdPerHour) * seconds) / 3600;
}

function idleSecondsOf({ rows }: Simulated, life: Life): number {
  const row = rows.machines.get(life.machineId);
  if (row === undefined || row.poolNodes === null) return 0;
  const until = row.status.takenAt ?? life.endedAt;
  return Math.max(0, (until.getTime() - life.launchedAt.getTime()) / 1000);
}

/** By the lease that the database has, which is never longer than the machine's own. */
function secondsPastLease({ rows }: Simulated, { machineId, endedAt }: Life): number {
  const row = rows.machines.get(machineId);
  if (row === undefined) return 0;
  return Math.max(0, (endedAt.getTime() - row.status.leaseUntil.getTime()) / 1000);
}
