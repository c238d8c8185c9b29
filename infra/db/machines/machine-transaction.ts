import type { MachineStatus } from "#grading/machines/machine-state.ts";
import type { MachineRow, MachineTransaction } from "#grading/machines/machine-transaction.ts";
import type { Machine } from "#infra/db/generated/client.ts";
import { addEntries } from "../money/ledger.ts";
import type { MoveContext } from "./fleet-mover.ts";

/** See MachineTransaction. */
export function machineTransaction({ tx, now, after }: MoveContext): MachineTransaction {
  return {
    now,
    lockMachine: async (id) => {
      await tx.$queryRaw`SELECT id FROM machine WHERE id = ${id} FOR UPDATE`;
    },
    readMachine: async (id) => {
      const row = await tx.machine.findUnique({ where: { id } });
      return row && rowOf(row);
    },
    saveMachine: async (machine, data) => {
      const { count } = await tx.machine.updateMany({ where: machine, data });
      return count === 1;
    },
    saveCost: async (id, data, entries) => {
      await tx.machine.update({ where: { id }, data });
      await addEntries(tx, id, entries);
    },
    after: (wake) => void after.add(wake),
  };
}

export function rowOf(row: Machine): MachineRow {
  const { id, provider, machineKind, usdPerHour, heartbeatAt, poolNodes, runId, runAttempt } = row;
  const besidesUsdPerHour = Number(row.besidesUsdPerHour);
  const run = runId === null || runAttempt === null ? null : { runId, attempt: runAttempt };
  return {
    id,
    provider,
    machineKind,
    usdPerHour: Number(usdPerHour),
    besidesUsdPerHour,
    heartbeatAt,
    poolNodes,
    run,
    status: statusOf(row),
  };
}

function statusOf(row: Machine): MachineStatus {
  return {
    state: row.state,
    instanceId: row.instanceId,
    requestedAt: row.requestedAt,
    leaseUntil: row.leaseUntil,
    bootingAt: row.bootingAt,
    readyAt: row.readyAt,
    warmAt: row.warmAt,
    takenAt: row.takenAt,
    assignedAt: row.assignedAt,
    drainingAt: row.drainingAt,
    terminatedAt: row.terminatedAt,
    endReason: row.endReason,
    endCode: row.endCode,
  };
}
