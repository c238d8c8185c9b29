import type { RunEvent } from "#grading/protocol/messages.ts";
import { readStoredEvent } from "#grading/runs/results/stored-results.ts";
import type { Db } from "#infra/db/connection/client.ts";

/** One event of a run as readers get it, in a stream or with others. */
export interface StreamedEvent {
  /** run_event.id; grows along the run. */
  id: number;
  attempt: number;
  /** ISO 8601 */
  at: string;
  event: RunEvent;
}

const unreadableLine = "(This line cannot be read by this version of Drydock.)";

export type EventRow = Awaited<ReturnType<typeof readEventRows>>[number];

/** Rows of a run's events in their order: `take` at most, after the id `after`, and before `before` where it is given. */
export function readEventRows(
  db: Db,
  runId: string,
  { after, before, take }: { after: bigint; before?: bigint; take: number },
) {
  return db.runEvent.findMany({
    where: { runId, id: { gt: after, ...(before === undefined ? {} : { lt: before }) } },
    orderBy: { id: "asc" },
    take,
    select: { id: true, attempt: true, type: true, payload: true, at: true },
  });
}

/**
 * Only what the protocol names as an event for students leaves, field by field; null for every other row. A line of the
 * log that cannot be read stays a line: whoever counts lines counts the same ones everywhere.
 */
export function streamedEvent(row: EventRow): StreamedEvent | null {
  const read = readStoredEvent(row);
  const place = { id: Number(row.id), attempt: row.attempt, at: row.at.toISOString() };
  if (read.outcome === "read") return { ...place, event: read.value };
  return row.type === "log" ? { ...place, event: { type: "log", check: null, line: unreadableLine } } : null;
}
