import type { PastDeadline } from "#grading/machines/capacity/arrival-curve.ts";
import type { ClassWork } from "#grading/machines/capacity/coming-deadlines.ts";
import {
  type CapacityReads,
  holdForDeadlines,
  type KindLoad,
  type PoolAhead,
} from "#grading/machines/capacity/hold-ahead.ts";
import type { MachineKind } from "#grading/machines/machine-kind.ts";
import { poolKind } from "#grading/machines/plan-pool.ts";
import type { Arrival, Semester } from "../world/coursework.ts";
import type { Rows } from "./rows.ts";

export const policies = ["deadline-aware", "reactive", "flat"] as const;
/** flat: eight machines in the six hours before each deadline. reactive: none ever. */
export type Policy = (typeof policies)[number];

const flat = { machines: 8, hours: 6 };
const hourMs = 3_600_000;

export interface Figures {
  vcpus: number;
  bootSeconds: number;
  runSeconds: number;
}

/** What a planner may know: who is due when, what has come in so far, what came in for what is over. */
export class Knowledge {
  readonly #handedIn = new Map<string, Set<string>>();
  readonly #leads = new Map<string, Map<string, number[]>>();

  constructor(private readonly semester: Semester) {}

  submitted({ work, student, at, dueAt }: Arrival): void {
    const own = this.#leads.get(work.slug) ?? new Map<string, number[]>();
    this.#leads.set(work.slug, own);
    own.set(student, [...(own.get(student) ?? []), (dueAt.getTime() - at.getTime()) / 1000]);
    const known = this.#handedIn.get(work.slug) ?? new Set();
    this.#handedIn.set(work.slug, known.add(student));
  }

  works(now: Date): ClassWork[] {
    return this.semester.works
      .filter(({ releasedAt }) => releasedAt <= now)
      .map(({ slug, title, kind, spec }) => ({
        ...{ title, machineKind: kind, timeoutSeconds: spec.timeoutSeconds },
        nodes: spec.facilities.kubernetes?.nodes ?? 0,
        students: this.semester.due
          .filter(({ work, dueAt }) => work.slug === slug && dueAt > now)
          .flatMap(({ dueAt, students }) =>
            [...students].map((one) => ({ dueAt, handedIn: this.#handedIn.get(slug)?.has(one) ?? false })),
          ),
      }))
      .filter(({ students }) => students.length > 0);
  }

  past(now: Date): PastDeadline[] {
    return this.semester.works
      .filter(({ dueAt }) => dueAt <= now)
      .map(({ slug }) => ({
        students: this.semester.due
          .filter(({ work }) => work.slug === slug)
          .reduce((sum, due) => sum + due.students.size, 0),
        leads: [...(this.#leads.get(slug)?.values() ?? [])],
      }));
  }
}

export interface HoldParts {
  policy: Policy;
  rows: Rows;
  knowledge: Knowledge;
  clock: () => Date;
  figures: Readonly<Record<MachineKind, Figures>>;
  fleetMax: number;
  quotaVcpus: number;
}

/** What is to wait under the policy; the worker's own loop makes it so. */
export function aheadOf(parts: HoldParts): PoolAhead | undefined {
  const { policy, rows, knowledge, clock, figures, fleetMax: cap, quotaVcpus } = parts;
  if (policy === "reactive") return undefined;
  if (policy === "flat") return { hold: async () => holdFlat(knowledge, clock()) };
  const reads: CapacityReads = {
    readWorks: async (now) => knowledge.works(now),
    readPast: async (_since, now) => knowledge.past(now),
    readFigures: async (kinds) =>
      kinds.flatMap((kind) => (figures[kind] ? [{ kind, ...figures[kind] }] : [])),
    readLoads: async () => loadsOf(rows),
  };
  const vcpusOf = (kind: MachineKind) => figures[kind]?.vcpus ?? 0;
  const always = { kind: poolKind, machines: 0 };
  return holdForDeadlines(reads, { cap, quotaVcpus, vcpusOf, bootSeconds: 60, always }, clock);
}

function loadsOf(rows: Rows): KindLoad[] {
  const idle = new Set(rows.idle());
  const busy = [...rows.live.values()].filter((machine) => !idle.has(machine));
  const queued = [...rows.openRuns.values()].filter(({ status }) => status.state === "queued");
  const waiting = queued.map(({ arrival }) => arrival.work.kind);
  const underWay = busy.map(({ machineKind }) => machineKind);
  return [...new Set([...waiting, ...underWay])].map((kind) => ({
    kind,
    waiting: waiting.filter((one) => one === kind).length,
    underWay: underWay.filter((one) => one === kind).length,
  }));
}

function holdFlat(knowledge: Knowledge, now: Date) {
  const near = knowledge
    .works(now)
    .map((work) => ({
      ...work,
      due: work.students.filter(({ dueAt }) => +dueAt - +now < flat.hours * hourMs).length,
    }))
    .filter(({ due }) => due > 0)
    .sort((a, b) => b.due - a.due);
  return near.slice(0, 1).map(({ machineKind, nodes, timeoutSeconds, due }) => ({
    ...{ kind: machineKind, machines: flat.machines, why: "It is the same before each deadline." },
    demand: [{ nodes, timeoutSeconds, runs: due }],
  }));
}
