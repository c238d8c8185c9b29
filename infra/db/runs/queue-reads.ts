import { hasCaps, noCaps, nothingSpent } from "#course/cost/budget.ts";
import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import type { QueueReads } from "#grading/runs/demand/read-demand.ts";
import type { Tx } from "#infra/db/connection/client.ts";
import { type OwnMachines, readIdle } from "../machines/fleet-places.ts";
import { readFleetStop } from "../money/fleet-stop.ts";
import { readSpending } from "../money/spending.ts";
import { readOpenRuns } from "./open-runs.ts";

type QueueOf = Pick<OwnMachines, "provider" | "caps">;

/** See QueueReads. */
export function queueReads(tx: Tx, { provider, caps = noCaps }: QueueOf, now: Date): QueueReads {
  return {
    readMoney: async (of) => ({
      ...{ now, caps, stop: await readFleetStop(tx) },
      spending: hasCaps(caps) ? await readSpending(tx, of, now) : nothingSpent,
    }),
    readOpenRuns: () => readOpenRuns(tx, now),
    readIdle: () => readIdle(tx, provider),
    readSpecs: async (versions) => {
      const rows = await tx.exerciseVersion.findMany({
        where: { id: { in: [...versions] } },
        select: { id: true, spec: true },
      });
      return rows.map(({ id, spec }) => ({ id, spec: storedSpec.read(spec) }));
    },
  };
}
