import { newId } from "#course/ids.ts";
import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import type { Attempt } from "#grading/protocol/attempt.ts";
import type { CheckOutcome, SequencedEvent } from "#grading/protocol/messages.ts";
import type { ResultTransaction } from "#grading/runs/results/result-transaction.ts";
import { storedEvent, storedMessage, storedTimeline } from "#grading/runs/results/stored-results.ts";
import { storable } from "#grading/runs/storable.ts";
import { notify } from "#infra/db/connection/notify.ts";
import type { MoveContext } from "../machines/fleet-mover.ts";
import { fleetTransaction } from "./fleet-transaction.ts";

/** See ResultTransaction. */
export function resultTransaction(context: MoveContext): ResultTransaction {
  const { tx, now } = context;
  return {
    ...fleetTransaction(context),
    readSpec: async (runId) => {
      const { exerciseVersion } = await tx.run.findUniqueOrThrow({
        where: { id: runId },
        select: { exerciseVersion: { select: { spec: true } } },
      });
      return storedSpec.read(exerciseVersion.spec);
    },
    countChecks: ({ runId, attempt }) => tx.checkResult.count({ where: { runId, attempt } }),
    readChecks: async ({ runId, attempt }) => {
      const rows = await tx.checkResult.findMany({
        where: { runId, attempt },
        orderBy: { position: "asc" },
      });
      return rows.map((row) => ({
        ...row,
        points: Number(row.points),
        maxPoints: Number(row.maxPoints),
      }));
    },
    addChecks: async (run, checks) => {
      const data = checks.map((check, position) => checkRow(run, check, position, now));
      await tx.checkResult.createMany({ data });
    },
    keepStaffDetail: async ({ runId, attempt }, detail) => {
      const staffDetail = storable(detail);
      await tx.runClaim.updateMany({ where: { runId, attempt }, data: { staffDetail } });
    },
    readLastSeq: async ({ runId, attempt }) => {
      const { _max } = await tx.runEvent.aggregate({ where: { runId, attempt }, _max: { seq: true } });
      return _max.seq ?? 0;
    },
    addEvents: async (run, events) => {
      await tx.runEvent.createMany({ data: events.map((item) => eventRow(run, item)) });
      await notify(tx, "run_event", run.runId);
    },
  };
}

function checkRow({ runId, attempt }: Attempt, check: CheckOutcome, position: number, now: Date) {
  const { id, message, timeline, ...rest } = storable(check);
  return {
    ...rest,
    message: storedMessage.write(message),
    ...(timeline === undefined ? {} : { timeline: storedTimeline.write(timeline) }),
    id: newId("chk", now),
    checkId: id,
    runId,
    attempt,
    position,
    startedAt: check.startedAt === null ? null : new Date(check.startedAt),
  };
}

function eventRow({ runId, attempt }: Attempt, item: SequencedEvent) {
  return {
    runId,
    attempt,
    seq: item.seq,
    type: item.event.type,
    payload: storedEvent.write(storable(item.event)),
    at: new Date(item.at),
  };
}
