import { costOf, perSecond, perSecondAfterMinute } from "#course/cost/cost-of.ts";
import type {
  MachineEffect,
  MachineEvent,
  MachineStatus,
  MachineTransition,
} from "#grading/machines/machine-state.ts";
import { transitionMachine } from "#grading/machines/transition-machine.ts";
import type { Machine } from "#infra/db/generated/client.ts";
import type { MoveContext } from "./fleet-mover.ts";

export type MachineMove = MachineTransition | { outcome: "missing" };

/**
 * Columns that may be set in the same update as a transition: the two secrets of the agent, the run that takes it, and
 * what tells one jump of the clock from the next.
 */
type Others = Partial<Pick<Machine, "tokenHash" | "sessionHash" | "runId" | "runAttempt" | "jumpedAt">>;

/**
 * Applies one event to a machine: lock, read, decide, compare-and-set on the state, effects. The only code that writes
 * the columns of MachineStatus. The row is locked before it is read, so that whoever comes second decides by what the
 * first has made of it.
 */
export async function moveMachine(
  context: MoveContext,
  machineId: string,
  event: MachineEvent,
  others: Others = {},
): Promise<MachineMove> {
  const { tx, now } = context;
  const [row] = await tx.$queryRaw<
    { id: string }[]
  >`SELECT id FROM machine WHERE id = ${machineId} FOR UPDATE`;
  if (row === undefined) return { outcome: "missing" };
  const machine = await tx.machine.findUniqueOrThrow({ where: { id: machineId } });
  const move = transitionMachine(statusOf(machine), event, now);
  if (move.outcome !== "moved") return move;
  const { count } = await tx.machine.updateMany({
    where: { id: machineId, state: machine.state },
    data: { ...move.state, ...others },
  });
  if (count !== 1) throw new Error(`Machine ${machineId} changed although its row was locked.`);
  for (const effect of move.effects) await carryOut(context, machine, effect);
  return move;
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

async function carryOut(context: MoveContext, machine: Machine, effect: MachineEffect): Promise<void> {
  switch (effect.type) {
    case "terminate-machine":
      context.after.add("draining");
      return;
    case "book-cost":
      await context.tx.machine.update({
        where: { id: machine.id },
        data: {
          costUsd: costOf(Number(machine.usdPerHour), effect.seconds, billing(machine)),
          // Down to whole seconds, so that the part is never more than the whole.
          poolCostUsd: costOf(Number(machine.usdPerHour), Math.floor(effect.poolSeconds), perSecond),
          tokenHash: null,
        },
      });
      context.after.add("queued");
  }
}

function billing(machine: Machine) {
  return machine.provider === "ec2" ? perSecondAfterMinute : perSecond;
}
