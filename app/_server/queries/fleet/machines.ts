import { utcDay } from "#course/cost/budget.ts";
import { billingOf, costOf } from "#course/cost/cost-of.ts";
import { titleOf } from "#grading/machines/machine-kind.ts";
import {
  type EndCode,
  endingStates,
  type MachineState,
  machineStates,
  workingStates,
} from "#grading/machines/machine-state.ts";
import { costsFrom } from "#grading/machines/transition-machine.ts";
import { isWaitCode } from "#grading/runs/run-state.ts";
import type { Prisma } from "#infra/db/generated/client.ts";
import { readFleetStop } from "#infra/db/money/fleet-stop.ts";
import type { Services } from "../../services.ts";

export interface FleetMachine {
  id: string;
  provider: string;
  instanceId: string | null;
  title: string;
  state: MachineState;
  requestedAt: string;
  leaseUntil: string;
  /** Since it was asked for, of the seconds until its lease ends. */
  ageSeconds: number;
  leaseSeconds: number;
  /** Its lease is over and it is not seen gone. */
  overdue: boolean;
  instanceType: string | null;
  zone: string | null;
  market: string | null;
  usdPerHour: number;
  /** By now. */
  costUsd: number;
  /** What it does: a run of this course, one of another course (whose it is nobody here is told), or none yet. */
  work:
    | { kind: "run"; runId: string; title: string; student: string }
    | { kind: "other-course" }
    | { kind: "idle" };
}

export interface WaitingView {
  runId: string;
  exercise: string;
  student: string;
  waitsSeconds: number;
  /** What it waits for beside its turn; null: nothing. */
  reason: string | null;
}

export interface FleetView {
  /** null: machines are launched. */
  stop: { at: string; by: string; reason: string } | null;
  fleetMax: number;
  /** Not terminated, the oldest first. */
  machines: FleetMachine[];
  /** How many are in each state; a state with none is left out. */
  states: { state: MachineState; machines: number }[];
  /** What they cost an hour together. */
  usdPerHour: number;
  /** Of machines that were asked for in this UTC day: how many, how many the provider took back, and how many it lost. */
  today: { machines: number; interrupted: number; lost: number };
  /** Of all courses. longestSeconds null: nothing waits. */
  queue: { waiting: number; longestSeconds: number | null };
  /** Of this course, those that wait longest first. */
  waiting: WaitingView[];
}

const shownWaiting = 50;

const ofRun = {
  submission: {
    select: {
      user: { select: { name: true } },
      exercise: { select: { title: true, assignment: { select: { courseId: true } } } },
    },
  },
} satisfies Prisma.RunSelect;

/** The fleet as staff of a course see it. By the id that a permission allowed. */
export async function readFleet(
  { db, clock, config }: Pick<Services, "db" | "clock" | "config">,
  courseId: string,
): Promise<FleetView> {
  const now = clock();
  const [rows, waiting, stop, ofDay, queue] = await Promise.all([
    db.machine.findMany({
      where: { state: { in: [...workingStates, ...endingStates] } },
      orderBy: [{ requestedAt: "asc" }, { id: "asc" }],
      include: { run: { select: { id: true, ...ofRun } } },
    }),
    db.run.findMany({
      where: { state: "queued", submission: { exercise: { assignment: { courseId } } } },
      orderBy: [{ queuedAt: "asc" }, { id: "asc" }],
      take: shownWaiting,
      select: { id: true, queuedAt: true, reason: true, reasonCode: true, ...ofRun },
    }),
    readFleetStop(db),
    countToday(db, utcDay(now)),
    db.run.aggregate({ where: { state: "queued" }, _count: true, _min: { queuedAt: true } }),
  ]);
  const machines = rows.map((row) => machineView(row, courseId, now));
  const secondsSince = (at: Date) => Math.max(0, (now.getTime() - at.getTime()) / 1000);
  return {
    stop: stop && { ...stop, at: stop.at.toISOString() },
    fleetMax: config.fleetMax,
    machines,
    states: machineStates.flatMap((state) => {
      const count = machines.filter((machine) => machine.state === state).length;
      return count === 0 ? [] : [{ state, machines: count }];
    }),
    usdPerHour: machines.reduce((sum, machine) => sum + machine.usdPerHour, 0),
    today: ofDay,
    queue: {
      waiting: queue._count,
      longestSeconds: queue._min.queuedAt === null ? null : secondsSince(queue._min.queuedAt),
    },
    waiting: waiting.map(({ id, queuedAt, reason, reasonCode, submission: { user, exercise } }) => ({
      runId: id,
      ...{ exercise: exercise.title, student: user.name, waitsSeconds: secondsSince(queuedAt) },
      reason: isWaitCode(reasonCode) ? reason : null,
    })),
  };
}

async function countToday(db: Services["db"], day: Date): Promise<FleetView["today"]> {
  const ends = await db.machine.groupBy({
    by: ["endCode"],
    where: { requestedAt: { gte: day } },
    _count: true,
  });
  const endedBy = (code: EndCode) => ends.find(({ endCode }) => endCode === code)?._count ?? 0;
  return {
    machines: ends.reduce((sum, { _count }) => sum + _count, 0),
    interrupted: endedBy("interrupted"),
    lost: endedBy("lost"),
  };
}

type Row = Prisma.MachineGetPayload<{ include: { run: { select: { id: true } & typeof ofRun } } }>;

function machineView(row: Row, courseId: string, now: Date): FleetMachine {
  const {
    id,
    provider,
    instanceId,
    machineKind,
    state,
    requestedAt,
    leaseUntil,
    instanceType,
    zone,
    market,
  } = row;
  const secondsTo = (at: Date) => Math.max(0, (at.getTime() - requestedAt.getTime()) / 1000);
  const usdPerHour = Number(row.usdPerHour);
  const lives = costsFrom(row) === null ? 0 : secondsTo(now);
  return {
    ...{
      id,
      provider,
      instanceId,
      title: titleOf(machineKind),
      state,
      instanceType,
      zone,
      market,
      usdPerHour,
    },
    requestedAt: requestedAt.toISOString(),
    leaseUntil: leaseUntil.toISOString(),
    ageSeconds: secondsTo(now),
    leaseSeconds: secondsTo(leaseUntil),
    overdue: leaseUntil <= now,
    costUsd: costOf(usdPerHour, lives, billingOf(provider)),
    work: workOf(row.run, courseId),
  };
}

function workOf(run: Row["run"], courseId: string): FleetMachine["work"] {
  if (run === null) return { kind: "idle" };
  const { user, exercise } = run.submission;
  if (exercise.assignment.courseId !== courseId) return { kind: "other-course" };
  return { kind: "run", runId: run.id, title: exercise.title, student: user.name };
}
