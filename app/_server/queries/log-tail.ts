import { z } from "zod";
import type { Services } from "../services.ts";

const logPayload = z.object({ line: z.string() });

/** The last lines of a run's log, oldest first: what readers without JavaScript see. */
export async function readLogTail({ db }: Services, runId: string, limit: number): Promise<string[]> {
  const rows = await db.runEvent.findMany({
    where: { runId, type: "log" },
    orderBy: { id: "desc" },
    take: limit,
    select: { payload: true },
  });
  return rows.reverse().map((row) => logPayload.parse(row.payload).line);
}
