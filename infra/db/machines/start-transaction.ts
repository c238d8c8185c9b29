import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import type { StartTransaction } from "#grading/runs/starting/start-transaction.ts";
import { fleetTransaction } from "../runs/fleet-transaction.ts";
import { queueReads } from "../runs/queue-reads.ts";
import type { MoveContext } from "./fleet-mover.ts";
import { isEnding, type OwnMachines, readPlaces } from "./fleet-places.ts";

/** See StartTransaction. */
export function startTransaction(context: MoveContext, own: OwnMachines): StartTransaction {
  const { tx, now } = context;
  return {
    ...fleetTransaction(context),
    ...queueReads(tx, own, now),
    readPlaces: () => readPlaces(tx, own, now),
    countEnding: () => tx.machine.count({ where: { provider: own.provider, ...isEnding(own.timings, now) } }),
    addMachine: async (machine, run) => {
      const owner = { runId: run?.runId ?? null, runAttempt: run?.attempt ?? null };
      await tx.machine.create({ data: { ...machine, ...owner, requestedAt: now } });
    },
    readStarting: async (id) => {
      const run = await tx.run.findUnique({
        where: { id },
        select: {
          state: true,
          attempt: true,
          queuedAt: true,
          exerciseVersion: { select: { spec: true, machineKind: true } },
          submission: { select: { userId: true, dueAt: true } },
        },
      });
      if (run === null) return null;
      const { exerciseVersion, submission, ...status } = run;
      const { spec, machineKind } = exerciseVersion;
      return { ...status, ...submission, spec: storedSpec.read(spec), machineKind };
    },
    saveTurn: async (userId) => {
      const data = { userId, servedAt: now };
      await tx.studentTurn.upsert({ where: { userId }, create: data, update: data });
    },
    saveReservation: async ({ runId, attempt }, micros) => {
      const data = { reservedMicros: BigInt(micros) };
      await tx.runClaim.update({ where: { runId_attempt: { runId, attempt } }, data });
    },
    readKind: (id) => tx.machine.findUnique({ where: { id }, select: { provider: true, machineKind: true } }),
  };
}
