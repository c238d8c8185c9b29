import type { MachineKind } from "../machine-kind.ts";
import type { ArrivalCurve } from "./arrival-curve.ts";
import { type ComingDeadline, chancesOfMore, expectedArrivals } from "./expected-arrivals.ts";
import { type HoldReasons, whyHeld } from "./why-held.ts";

/** What is known of the machines of one kind. */
export interface KindFigures {
  kind: MachineKind;
  vcpus: number;
  /** Medians: from the launch until it can take a run, and from there to the run's end. */
  bootSeconds: number;
  runSeconds: number;
  /** Queued runs that want one. */
  waiting: number;
  /** Machines of runs under way, and those that are being ended. */
  underWay: number;
}

export interface CapacityInput {
  now: Date;
  deadlines: readonly ComingDeadline[];
  curve: ArrivalCurve;
  /** Each kind once; a deadline of another kind is left out. */
  kinds: readonly KindFigures[];
  /** Machines at once, those that grade counted in. */
  cap: number;
  /** vCPUs that the account may have at once. */
  quotaVcpus: number;
  settings?: Partial<CapacitySettings>;
}

export interface CapacitySettings {
  /** The least chance with which a machine must be needed before another could be there, 0 to 1. */
  leastChance: number;
  /** How often the plan is made, seconds: what is asked for now is there so much later. */
  everySeconds: number;
  /** How far ahead is told what will be held, and in steps of how long, seconds. */
  horizonSeconds: number;
  stepSeconds: number;
}

export const defaultCapacitySettings: CapacitySettings = {
  leastChance: 0.1,
  everySeconds: 15,
  horizonSeconds: 86_400,
  stepSeconds: 300,
};

/** Machines that wait for a run beside those that have one, and why so many. */
export interface KindHold {
  kind: MachineKind;
  machines: number;
  /** Whole sentences for staff. */
  why: string;
}

/** The same from one instant to another. */
export interface CapacityPeriod extends KindHold {
  from: Date;
  until: Date;
}

export interface CapacityPlan {
  /** Now, every kind once. */
  hold: KindHold[];
  /** Later, by kind and then time, without gaps; empty when the horizon is 0. */
  coming: CapacityPeriod[];
}

/**
 * How many machines wait ready for runs that have not come yet. A run takes one and another is started in its place, so
 * there need be as many as runs may come while one boots: an n-th one is held where n or more come in that time with at
 * least the settings' chance. So it rises a boot time before the curve does and falls with it. Runs that wait or have a
 * machine come first; what is left of the cap and the quota goes to those that are needed most likely. Pure.
 */
export function planCapacity(input: CapacityInput): CapacityPlan {
  const settings = { ...defaultCapacitySettings, ...input.settings };
  const kinds = [...input.kinds].sort((a, b) => (a.kind < b.kind ? -1 : 1));
  const planAt = (at: Date) => share(input, settings, kinds, at);
  const hold = planAt(input.now);
  const steps = Math.floor(settings.horizonSeconds / settings.stepSeconds);
  const looks = Array.from({ length: steps }, (_, step) => {
    const from = new Date(input.now.getTime() + step * settings.stepSeconds * 1000);
    const until = new Date(from.getTime() + settings.stepSeconds * 1000);
    return (step === 0 ? hold : planAt(from)).map((one) => ({ ...one, from, until }));
  });
  const coming = kinds.flatMap(({ kind }) =>
    joined(looks.flatMap((look) => look.filter((one) => one.kind === kind))),
  );
  return { hold, coming };
}

/** Neighbours alike become one, with the reasons of its beginning. */
function joined(periods: CapacityPeriod[]): CapacityPeriod[] {
  const result: CapacityPeriod[] = [];
  for (const period of periods) {
    const last = result.at(-1);
    if (last?.machines === period.machines) last.until = period.until;
    else result.push({ ...period });
  }
  return result;
}

function share(
  input: CapacityInput,
  settings: CapacitySettings,
  kinds: readonly KindFigures[],
  at: Date,
): KindHold[] {
  const taken = kinds.map((kind) => takenAt(input, kind, at));
  let places = Math.max(0, Math.floor(input.cap - sum(taken)));
  let vcpus = input.quotaVcpus - sum(kinds.map((kind, i) => kind.vcpus * (taken[i] ?? 0)));
  const needs = kinds.map((kind) => needAt(input, settings, kind, at));
  const held = kinds.map(() => 0);
  const wishes = needs
    .flatMap(({ chances }, index) => chances.map((chance) => ({ chance, index })))
    .sort((a, b) => b.chance - a.chance || a.index - b.index);
  for (const { index } of wishes) {
    const size = kinds[index]?.vcpus ?? 0;
    if (places < 1 || vcpus < size) continue;
    held[index] = (held[index] ?? 0) + 1;
    places -= 1;
    vcpus -= size;
  }
  return kinds.map(({ kind, waiting }, index) => {
    const machines = held[index] ?? 0;
    const { reasons, chances } = needs[index] ?? { reasons: noReasons(at), chances: [] };
    const { cap, quotaVcpus } = input;
    const limits = { wanted: chances.length, cap, quotaVcpus, placesLeft: places };
    return { kind, machines, why: whyHeld(machines, waiting, reasons, limits) };
  });
}

const noReasons = (at: Date): HoldReasons => ({ at, expected: 0, seconds: 0, deadlines: [] });

/** Until a run's time is over its machine counts as it is now; besides, those of the runs that will have come by then. */
function takenAt(input: CapacityInput, kind: KindFigures, at: Date): number {
  const seconds = kind.bootSeconds + kind.runSeconds;
  const ahead = (at.getTime() - input.now.getTime()) / 1000;
  const known = ahead < seconds ? kind.underWay + kind.waiting : 0;
  const since = new Date(Math.max(input.now.getTime(), at.getTime() - seconds * 1000));
  return known + sum(ofKind(input, kind).map((one) => expectedArrivals(one, input.curve, since, at)));
}

/** The chances that a first, second, … machine is needed before another could be there, and what for. */
function needAt(
  input: CapacityInput,
  settings: CapacitySettings,
  kind: KindFigures,
  at: Date,
): { chances: number[]; reasons: HoldReasons } {
  const seconds = kind.bootSeconds + settings.everySeconds;
  const until = new Date(at.getTime() + seconds * 1000);
  const deadlines = ofKind(input, kind)
    .map((one) => ({ ...one, expected: expectedArrivals(one, input.curve, at, until) }))
    .filter(({ expected }) => expected > 0)
    .sort((a, b) => b.expected - a.expected || a.dueAt.getTime() - b.dueAt.getTime());
  const expected = sum(deadlines.map((one) => one.expected));
  const chances = chancesOfMore(expected, settings.leastChance);
  return { chances, reasons: { at, expected, seconds, deadlines } };
}

const ofKind = ({ deadlines }: CapacityInput, { kind }: KindFigures) =>
  deadlines.filter((one) => one.kind === kind);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
