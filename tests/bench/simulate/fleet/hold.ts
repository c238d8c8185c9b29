import { type ArrivalCurve, defaultCurve, learnCurve } from "#grading/machines/capacity/arrival-curve.ts";
import type { ComingDeadline } from "#grading/machines/capacity/expected-arrivals.ts";
import { planCapacity } from "#grading/machines/capacity/plan-capacity.ts";
import type { Launcher } from "#grading/machines/launching/launcher.ts";
import { leaseFor } from "#grading/machines/lease.ts";
import type { MachineKind } from "#grading/machines/machine-kind.ts";
import { planPool } from "#grading/machines/plan-pool.ts";
import type { FleetTimings } from "#grading/machines/timings.ts";
import type { StartLimits } from "#grading/runs/ports.ts";
import { noMachineSentence } from "#grading/runs/queue/no-machine.ts";
import type { FleetStore } from "#infra/db/machines/fleet-store.ts";
import type { Arrival, Semester, Work } from "../world/coursework.ts";
import type { Rows } from "./rows.ts";

export const policies = ["deadline-aware", "reactive", "flat"] as const;
/** flat: eight machines in the six hours before each deadline. reactive: none ever. */
export type Policy = (typeof policies)[number];

const flat = { machines: 8, hours: 6 };
const hourMs = 3_600_000;
/** How far ahead a deadline is looked at. */
const horizonMs = 8 * 24 * hourMs;

export interface Figures {
  vcpus: number;
  bootSeconds: number;
  runSeconds: number;
}

/** What a planner may know: who is due when, what has come in so far, what came in for what is over. */
export class Knowledge {
  readonly #handedIn = new Map<string, Set<string>>();
  readonly #leads = new Map<string, Map<string, number[]>>();
  #curve: ArrivalCurve = defaultCurve;
  #over = 0;

  constructor(private readonly semester: Semester) {}

  submitted({ work, student, at, dueAt }: Arrival): void {
    const own = this.#leads.get(work.slug) ?? new Map<string, number[]>();
    this.#leads.set(work.slug, own);
    own.set(student, [...(own.get(student) ?? []), (dueAt.getTime() - at.getTime()) / 1000]);
    const known = this.#handedIn.get(work.slug) ?? new Set();
    this.#handedIn.set(work.slug, known.add(student));
  }

  /** Works whose deadline lies ahead, the nearest first. */
  coming(now: Date): { work: Work; deadline: ComingDeadline }[] {
    return this.semester.due
      .filter(({ work, dueAt }) => work.releasedAt <= now && dueAt > now && +dueAt - +now < horizonMs)
      .map(({ work, dueAt, students }) => {
        const known = this.#handedIn.get(work.slug);
        const handedIn = [...students].filter((student) => known?.has(student)).length;
        const { title, kind } = work;
        return { work, deadline: { title, kind, dueAt, students: students.size, handedIn } };
      });
  }

  curve(now: Date): ArrivalCurve {
    const over = this.semester.works.filter(({ dueAt }) => dueAt <= now);
    if (over.length !== this.#over) {
      this.#over = over.length;
      const past = over.map(({ slug }) => {
        const students = this.semester.due
          .filter(({ work }) => work.slug === slug)
          .reduce((sum, due) => sum + due.students.size, 0);
        return { students, leads: [...(this.#leads.get(slug)?.values() ?? [])] };
      });
      this.#curve = learnCurve(past);
    }
    return this.#curve;
  }
}

export interface HoldParts {
  policy: Policy;
  rows: Rows;
  store: FleetStore;
  launcher: Launcher;
  limits(): StartLimits;
  knowledge: Knowledge;
  timings: FleetTimings;
  figures: Readonly<Record<MachineKind, Figures>>;
  fleetMax: number;
  quotaVcpus: number;
}

/** How many machines of each kind are to wait. */
export function wanted(parts: HoldParts, now: Date): Map<MachineKind, number> {
  const { policy, knowledge, rows, figures, fleetMax: cap, quotaVcpus } = parts;
  const coming = knowledge.coming(now);
  if (policy === "reactive" || coming.length === 0) return new Map();
  if (policy === "flat") {
    const near = coming.filter(({ deadline }) => +deadline.dueAt - +now < flat.hours * hourMs);
    const [first] = near.sort((a, b) => b.deadline.students - a.deadline.students);
    return new Map(first === undefined ? [] : [[first.work.kind, flat.machines]]);
  }
  const queued = [...rows.openRuns.values()].filter(({ status }) => status.state === "queued");
  const idle = new Set(rows.idle());
  const busy = [...rows.live.values()].filter((machine) => !idle.has(machine));
  const kinds = Object.entries(figures).map(([kind, figure]) => ({
    ...{ kind, ...figure },
    waiting: queued.filter(({ arrival }) => arrival.work.kind === kind).length,
    underWay: busy.filter(({ machineKind }) => machineKind === kind).length,
  }));
  const deadlines = coming.map(({ deadline }) => deadline);
  const settings = { horizonSeconds: 0 };
  const { hold } = planCapacity({
    ...{ now, deadlines, curve: knowledge.curve(now), kinds, cap, quotaVcpus, settings },
  });
  return new Map(hold.map(({ kind, machines }) => [kind, machines]));
}

/** Makes it so: what is too much or too old ends, what is missing is launched. Which nodes is the pool's own plan. */
export async function hold(parts: HoldParts, now: Date): Promise<void> {
  const { rows, store, launcher, timings, figures } = parts;
  const targets = wanted(parts, now);
  const size = [...targets.values()].reduce((sum, machines) => sum + machines, 0);
  const idle = await rows.readIdle();
  if (size === 0 && idle.length === 0) return;
  for (const kind of Object.keys(figures)) {
    // The plan breaks ties by id, which is drawn anew each time: the order in which they were asked for does as well.
    const own = idle.flatMap((machine) => {
      const row = rows.machines.get(machine.id);
      return row?.machineKind === kind
        ? [{ ...machine, id: `${row.order}`.padStart(9, "0"), real: row.id }]
        : [];
    });
    const demand = demandFor(parts, kind, now);
    const plan = planPool(own, { size: demand.length === 0 ? 0 : (targets.get(kind) ?? 0), demand });
    for (const { id, code } of plan.retire) {
      const real = own.find((machine) => machine.id === id)?.real;
      if (real !== undefined) await store.retireIdle(real, code);
    }
    // A run that waits finds no machine to be had: one for the pool would only take the next one from it.
    const runsWait = [...rows.openRuns.values()].some(
      ({ status, arrival }) => status.state === "queued" && arrival.work.kind === kind,
    );
    for (const next of runsWait ? [] : plan.launch) {
      if (launcher.isPaused(kind)) break;
      const span = next.leaseUntil.getTime() - now.getTime();
      const leaseUntil = new Date(now.getTime() + Math.max(timings.poolLeaseMs, 2 * span));
      const limits = { ...parts.limits(), fleetMax: parts.fleetMax, size };
      const launch = await launcher.launch(kind, leaseUntil, (machine) =>
        store.requestIdle({ ...machine, poolNodes: next.nodes }, limits),
      );
      if (launch.outcome === "no-machine" && launch.machineId !== null)
        await store.giveUpIdle(launch.machineId, noMachineSentence(launch.error.kind, launcher.provider));
    }
  }
}

function demandFor({ knowledge, timings }: HoldParts, kind: MachineKind, now: Date) {
  const coming = knowledge.coming(now).filter(({ work }) => work.kind === kind);
  const nearest = Math.min(...coming.map(({ deadline }) => deadline.dueAt.getTime()));
  return coming
    .filter(({ deadline }) => deadline.dueAt.getTime() - nearest < 6 * hourMs)
    .map(({ work: { spec }, deadline }) => ({
      nodes: spec.facilities.kubernetes?.nodes ?? 0,
      runs: Math.max(1, deadline.students - deadline.handedIn),
      leaseUntil: leaseFor({ ...spec, machineKind: kind }, timings, now),
    }));
}
