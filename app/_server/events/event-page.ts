import { isFinal } from "#grading/runs/run-state.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { readEventRows, type StreamedEvent, streamedEvent } from "./streamed-event.ts";

/** Rows of one answer: some 700 kB where lines are as long as those of a build. */
const pageRows = 5_000;
/** Lines may be much longer: with so many characters an answer is full. Some are read at once, so it has a few more. */
const pageChars = 2_000_000;
const rowsAtOnce = 500;

/** Some of a run's events at once, for who cannot hold a stream open, or wants what lies before one. */
export interface EventPage {
  events: StreamedEvent[];
  /** Id of the last event that was looked at: the next page begins after it. */
  lastId: number;
  /** More can be had at once. */
  more: boolean;
  /** The run had ended before these were read: with no more there never will be any. */
  ended: boolean;
}

/** Events after the id `after`, in their order, and before the id `before` where it is given. */
export async function readEventPage(
  db: Db,
  runId: string,
  range: { after: bigint; before?: bigint },
): Promise<EventPage> {
  // Read before the events: a run that has ended gets no more of them.
  const { state } = await db.run.findUniqueOrThrow({ where: { id: runId }, select: { state: true } });
  const events: StreamedEvent[] = [];
  let { after } = range;
  let looked = 0;
  let chars = 0;
  let more = true;
  while (more && looked < pageRows && chars < pageChars) {
    const rows = await readEventRows(db, runId, { ...range, after, take: rowsAtOnce });
    for (const event of rows.map(streamedEvent)) {
      if (event === null) continue;
      events.push(event);
      chars += event.event.type === "log" ? event.event.line.length : 0;
    }
    after = rows.at(-1)?.id ?? after;
    looked += rows.length;
    more = rows.length === rowsAtOnce;
  }
  return { events, lastId: Number(after), more, ended: isFinal(state) };
}
