import { readStoredEvent } from "#grading/runs/results/stored-results.ts";
import type { Services } from "../../services.ts";

/** The last lines of a run's log, oldest first: what readers without JavaScript see. */
export async function readLogTail({ db }: Services, runId: string, limit: number): Promise<string[]> {
  const rows = await db.runEvent.findMany({
    where: { runId, type: "log" },
    orderBy: { id: "desc" },
    take: limit,
    select: { type: true, payload: true },
  });
  return rows.reverse().map((row) => {
    const event = readStoredEvent(row);
    return event.outcome === "read" && event.value.type === "log" ? event.value.line : unreadableLine;
  });
}

const unreadableLine = "(This line cannot be read by this version of Drydock.)";
