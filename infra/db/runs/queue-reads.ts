import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import type { QueueReads } from "#grading/runs/demand/read-demand.ts";
import type { Tx } from "#infra/db/connection/client.ts";
import { readIdle } from "../machines/fleet-places.ts";
import { readOpenRuns } from "./open-runs.ts";

/** See QueueReads. */
export function queueReads(tx: Tx, provider: string, now: Date): QueueReads {
  return {
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
