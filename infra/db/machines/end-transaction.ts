import type { EndTransaction } from "#grading/machines/ending/end-transaction.ts";
import { fleetTransaction } from "../runs/fleet-transaction.ts";
import type { MoveContext } from "./fleet-mover.ts";

/** See EndTransaction. */
export function endTransaction(context: MoveContext): EndTransaction {
  const { tx } = context;
  return {
    ...fleetTransaction(context),
    countMachines: ({ runId, attempt: runAttempt }, states) =>
      tx.machine.count({ where: { runId, runAttempt, state: { in: [...states] } } }),
    findMachines: async ({ provider, states, requestedBefore, jumpedUntil }) => {
      const machines = await tx.machine.findMany({
        where: {
          provider,
          state: { in: [...states] },
          requestedAt: { lt: requestedBefore },
          OR: [{ jumpedAt: null }, { jumpedAt: { lte: jumpedUntil } }],
        },
        orderBy: { id: "asc" },
        select: { id: true },
      });
      return machines.map(({ id }) => id);
    },
  };
}
