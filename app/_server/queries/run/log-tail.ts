import type { Db } from "#infra/db/connection/client.ts";
import { readEventRows, type StreamedEvent, streamedEvent } from "../../events/streamed-event.ts";
import type { Services } from "../../services.ts";

/** What the lines of a tail hold at most: the page carries them twice, once for readers without JavaScript. */
const mostChars = 48 * 1024;

/** The end of a run's log, as its page carries it. */
export interface LogTail {
  /** The run's last events in their order, lines of the log among them; what comes later has higher ids. */
  events: StreamedEvent[];
  /** How many lines come before the first one here. */
  before: number;
}

/** At most the last `limit` events of a run. */
export async function readLogTail({ db }: Services, runId: string, limit: number): Promise<LogTail> {
  const newest = await db.runEvent.findMany({
    where: { runId },
    orderBy: { id: "desc" },
    take: limit,
    select: { id: true },
  });
  const first = newest.at(-1)?.id;
  if (first === undefined) return { events: [], before: 0 };
  const rows = await readEventRows(db, runId, { after: first - 1n, take: limit });
  const events = lastOf(rows.map(streamedEvent).filter((event) => event !== null));
  return { events, before: await countLines(db, runId, BigInt(events[0]?.id ?? first)) };
}

/** How many lines a run's log has, or has before the event of this id. Ids grow in the order in which events come. */
export async function countLines(db: Db, runId: string, before?: bigint): Promise<number> {
  return db.runEvent.count({
    where: { runId, type: "log", ...(before === undefined ? {} : { id: { lt: before } }) },
  });
}

/** As many from the end as fit. */
function lastOf(events: StreamedEvent[]): StreamedEvent[] {
  let chars = 0;
  const tooLong = events.findLastIndex(({ event }) => {
    chars += event.type === "log" ? event.line.length : 0;
    return chars > mostChars;
  });
  return events.slice(tooLong + 1);
}
