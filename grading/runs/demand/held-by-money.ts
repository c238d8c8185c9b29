import { type CapKind, hasCaps, passedCap } from "#course/cost/budget.ts";
import { costOf, perSecond } from "#course/cost/cost-of.ts";
import { type Micros, microsOf } from "#course/cost/micros.ts";
import type { ExerciseSpec } from "../../exercises/spec/spec.ts";
import { idleFor } from "../../machines/idle-for.ts";
import type { MachineKind } from "../../machines/machine-kind.ts";
import type { Market } from "../../machines/provider.ts";
import type { StartLimits } from "../ports.ts";
import type { FleetMoney, FleetStop, MoneyReads } from "./fleet-money.ts";
import { marketFor } from "./market-for.ts";
import type { OpenRun } from "./open-run.ts";

/** Why a queued run is given no machine although one may be had. */
export type HeldBy = { what: "stop"; stop: FleetStop } | { what: "cap"; cap: CapKind; course: string };

/** The most that the machine of such an exercise costs when it is launched now; null where its price is not known. */
export function reservationOf(
  { usdPerHourOf, leaseOf }: StartLimits,
  exercise: { timeoutSeconds: number; machineKind: MachineKind; market: Market },
  now: Date,
): Micros | null {
  const usdPerHour = usdPerHourOf?.(exercise.machineKind, exercise.market) ?? null;
  if (usdPerHour === null) return null;
  return costUntil(leaseOf(exercise), usdPerHour, now);
}

/**
 * Queued runs whose machine would pass a limit of money, each looked at as if it were the only one to start, or all of
 * them while staff have stopped the fleet. Where it is read under the fleet's lock it holds until the lock is released.
 * One whose price is not known is not held: whoever starts it asks for the price first.
 */
export async function heldByMoney(
  reads: MoneyReads,
  queued: readonly OpenRun[],
  limits: StartLimits,
): Promise<Map<string, HeldBy>> {
  const money = await reads.readMoney({
    courses: [...new Set(queued.map(({ course }) => course))],
    students: [...new Set(queued.map(({ student }) => student))],
  });
  const { stop } = money;
  if (stop !== null) return new Map(queued.map(({ id }) => [id, { what: "stop", stop }]));
  if (!hasCaps(money.caps) || queued.length === 0) return new Map();
  const specs = await readSpecs(reads, queued);
  const held = new Map<string, HeldBy>();
  const hold = ({ id, course }: OpenRun, cap: CapKind | null) =>
    cap === null ? held.delete(id) : held.set(id, { what: "cap", cap, course });
  for (const run of queued) hold(run, passedBy(run, specs.get(run.version), limits, money));
  const onIdle = queued.filter((run) => isOfDay(held.get(run.id)) || marketFor(run, limits) === null);
  if (onIdle.length === 0) return held;
  // What waits in the pool is paid for: taking it costs the day nothing more, and its student and course what it costs.
  const idle = await reads.readIdle();
  const besidesDay = { ...money.caps, dayMicros: null };
  for (const run of onIdle) {
    const spec = specs.get(run.version);
    if (spec === undefined) continue;
    const exercise = { ...spec, machineKind: run.machineKind };
    const leaseUntil = limits.leaseOf(exercise);
    const machine = idleFor(idle, exercise, leaseUntil);
    if (machine === null) continue;
    const micros = costUntil(leaseUntil, machine.usdPerHour, money.now);
    hold(run, passedCap(money.spending, besidesDay, run, micros));
  }
  return held;
}

const isOfDay = (by: HeldBy | undefined) => by?.what === "cap" && by.cap === "day";

function costUntil(leaseUntil: Date, usdPerHour: number, now: Date): Micros {
  const seconds = Math.max(0, (leaseUntil.getTime() - now.getTime()) / 1000);
  return microsOf(costOf(usdPerHour, seconds, perSecond));
}

type Specs = Map<string, ExerciseSpec>;

function passedBy(
  run: OpenRun,
  spec: ExerciseSpec | undefined,
  limits: StartLimits,
  { now, spending, caps }: FleetMoney,
): CapKind | null {
  if (spec === undefined) return null;
  const { machineKind } = run;
  // Where none can be launched now, and none of the pool fits, the next one is of spot.
  const market = marketFor(run, limits) ?? "spot";
  const micros = reservationOf(limits, { ...spec, machineKind, market }, now);
  return micros === null ? null : passedCap(spending, caps, run, micros);
}

async function readSpecs(reads: MoneyReads, queued: readonly OpenRun[]): Promise<Specs> {
  const read = await reads.readSpecs([...new Set(queued.map(({ version }) => version))]);
  return new Map(read.flatMap(({ id, spec }) => (spec.outcome === "read" ? [[id, spec.value]] : [])));
}
