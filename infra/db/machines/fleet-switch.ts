import type { Clock } from "#course/clock.ts";
import { newId } from "#course/ids.ts";
import { type EndOutcome, endByStaff } from "#grading/machines/acts/end-by-staff.ts";
import type { FleetAct, FleetActTransaction } from "#grading/machines/acts/fleet-act.ts";
import {
  type ResumeOutcome,
  resumeFleet,
  type StopOutcome,
  stopFleet,
} from "#grading/machines/acts/stop-fleet.ts";
import { workingStates } from "#grading/machines/machine-state.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { readFleetStop } from "../money/fleet-stop.ts";
import { fleetTransaction } from "../runs/fleet-transaction.ts";
import type { MoveContext } from "./fleet-mover.ts";

/** What people do to the fleet, each as one audited transaction. The worker's loops see the rest. */
export interface FleetSwitch {
  stop(act: FleetAct, how: { drain: boolean }): Promise<StopOutcome>;
  resume(act: FleetAct): Promise<ResumeOutcome>;
  /** See endByStaff. */
  endMachine(act: FleetAct, machineId: string, courseId: string | null): Promise<EndOutcome>;
}

export function createFleetSwitch(db: Db, clock: Clock): FleetSwitch {
  const act = <Result>(work: (tx: FleetActTransaction) => Promise<Result>) =>
    db.$transaction((tx) => work(fleetActTransaction({ tx, now: clock(), after: new Set(), told: [] })));
  return {
    stop: (given, how) => act((tx) => stopFleet(tx, given, how)),
    resume: (given) => act((tx) => resumeFleet(tx, given)),
    endMachine: (given, machineId, courseId) => act((tx) => endByStaff(tx, given, machineId, courseId)),
  };
}

function fleetActTransaction(context: MoveContext): FleetActTransaction {
  const { tx, now } = context;
  return {
    ...fleetTransaction(context),
    readStop: () => readFleetStop(tx),
    saveStop: async ({ at, by, reason }) => {
      await tx.fleetStop.create({ data: { stoppedAt: at, stoppedBy: by, reason } });
    },
    removeStop: async () => {
      await tx.fleetStop.deleteMany();
    },
    findIdle: async () => {
      const machines = await tx.machine.findMany({
        where: { poolNodes: { not: null }, runId: null, state: { in: [...workingStates] } },
        orderBy: { id: "asc" },
        select: { id: true },
      });
      return machines.map(({ id }) => id);
    },
    findCourseOf: async (id) => {
      const { submission } = await tx.run.findUniqueOrThrow({
        where: { id },
        select: {
          submission: { select: { exercise: { select: { assignment: { select: { courseId: true } } } } } },
        },
      });
      return submission.exercise.assignment.courseId;
    },
    audit: async ({ userId, by, reason }, { after, ...entry }) => {
      const data = { id: newId("aud", now), at: now, userId, reason, after: { ...after, by } };
      await tx.auditEntry.create({ data: { ...entry, ...data } });
    },
  };
}
