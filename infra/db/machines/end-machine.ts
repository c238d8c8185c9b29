import type { MachineSight } from "#grading/machines/compare-fleet.ts";
import type { ClockJump } from "#grading/machines/hearing.ts";
import { workingStates } from "#grading/machines/machine-state.ts";
import { lockRun, moveRun } from "../runs/run-store.ts";
import { lockFleet } from "./fleet-demand.ts";
import type { MoveContext } from "./fleet-mover.ts";
import { moveMachine } from "./machine-store.ts";

export interface EndMachineInput {
  machineId: string;
  /** lost: the provider does not know the machine any more. */
  how: "drain" | "lost";
  /** One sentence for student and staff. */
  reason: string;
  /** Nobody's fault: the run goes back to the queue uncharged. */
  excused?: boolean;
  /**
   * Looks again at the machine as it is under its lock: what was seen before may be over. False leaves it alone.
   * Without it the machine is ended whatever has become of it.
   */
  onlyIf?: (machine: MachineSight) => boolean;
}

/**
 * Ends a machine; its run, when it is still this machine's, goes back to the queue. Shared with the agent service,
 * which ends machines inside its own transactions.
 */
export async function endMachine(context: MoveContext, input: EndMachineInput): Promise<{ moved: boolean }> {
  const { machineId, how, reason, excused = false, onlyIf } = input;
  const owner = await lockOwner(context, machineId);
  if (owner.outcome === "missing") return { moved: false };
  if (onlyIf !== undefined && !onlyIf(await lockMachine(context, machineId))) return { moved: false };
  const event =
    how === "lost" ? ({ type: how, reason } as const) : ({ type: how, code: "failed", reason } as const);
  const move = await moveMachine(context, machineId, event);
  if (move.outcome !== "moved") return { moved: false };
  if (owner.run !== null) {
    const { runId, attempt } = owner.run;
    await moveRun(context, runId, { type: "platform-fault", attempt, reason, excused });
  }
  return { moved: true };
}

/**
 * The run that a machine works for, locked: always the run's lock before the machine's row, or two transactions could
 * wait for each other. A machine of the pool that no run has may be taken at any moment by whoever holds the fleet's
 * lock, so that one is held from the look on; a machine that has a run keeps it.
 */
async function lockOwner(context: MoveContext, machineId: string) {
  const { tx } = context;
  const look = () =>
    tx.machine.findUnique({ where: { id: machineId }, select: { runId: true, runAttempt: true } });
  let machine = await look();
  if (machine?.runId === null) {
    await lockFleet(tx);
    machine = await look();
  }
  if (machine === null) return { outcome: "missing" } as const;
  const { runId, runAttempt } = machine;
  if (runId === null || runAttempt === null) return { outcome: "locked", run: null } as const;
  await lockRun(tx, runId);
  return { outcome: "locked", run: { runId, attempt: runAttempt } } as const;
}

async function lockMachine({ tx }: MoveContext, machineId: string): Promise<MachineSight> {
  await tx.$queryRaw`SELECT id FROM machine WHERE id = ${machineId} FOR UPDATE`;
  return tx.machine.findUniqueOrThrow({ where: { id: machineId } });
}

/**
 * Puts a run back into the queue that no machine works for, which is looked at again under its lock: machines are
 * requested and taken under it.
 */
export async function takeBack(
  context: MoveContext,
  run: { runId: string; attempt: number },
  why: { reason: string; excused: boolean },
): Promise<{ moved: boolean }> {
  const { runId, attempt } = run;
  await lockRun(context.tx, runId);
  const working = await context.tx.machine.count({
    where: { runId, runAttempt: attempt, state: { in: [...workingStates] } },
  });
  if (working > 0) return { moved: false };
  const move = await moveRun(context, runId, { type: "platform-fault", attempt, ...why });
  return { moved: move.outcome === "moved" };
}

/**
 * Either all of them move or none does, and under the fleet's lock, so that a jump is settled once: a row keeps what the
 * clock showed after the last jump that it moved along with, and another worker that saw the same one leaves it alone.
 */
export async function moveLeases(context: MoveContext, provider: string, jump: ClockJump): Promise<void> {
  await lockFleet(context.tx);
  const before = await context.tx.machine.findMany({
    where: {
      provider,
      state: { in: [...workingStates] },
      requestedAt: { lt: jump.at },
      OR: [{ jumpedAt: null }, { jumpedAt: { lte: jump.from } }],
    },
    orderBy: { id: "asc" },
    select: { id: true },
  });
  const { byMs, until: jumpedAt } = jump;
  for (const { id } of before) await moveMachine(context, id, { type: "clock-jumped", byMs }, { jumpedAt });
}
