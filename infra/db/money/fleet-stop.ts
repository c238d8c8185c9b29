import type { FleetStop } from "#grading/runs/demand/fleet-money.ts";
import type { Tx } from "../connection/client.ts";

/** Whether staff keep machines from being launched; null: they do not. */
export async function readFleetStop(tx: Tx): Promise<FleetStop | null> {
  const row = await tx.fleetStop.findUnique({ where: { only: true } });
  return row && { at: row.stoppedAt, by: row.stoppedBy, reason: row.reason };
}
