import type { Clock } from "#course/clock.ts";
import { isFinal } from "#grading/runs/run-state.ts";
import type { Db } from "#infra/db/connection/client.ts";
import type { QueuePlaces } from "#infra/db/runs/queue-places.ts";
import { queueView } from "../queries/run/queue-view.ts";
import type { RunEventHub } from "./run-event-hub.ts";
import { type EventRow, readEventRows, streamedEvent } from "./streamed-event.ts";

const batch = 200;
/**
 * While nothing happens the events are looked at this often, and a sign of life is sent when they could be read. A page
 * that has heard nothing for nine seconds says so: one sign may be late or lost.
 */
const beatMs = 4_000;
/** After so many quiet looks the run's own state is looked at again. */
const quietLooks = 5;
/** A session that ended, or a role that was lost, ends its streams within this time. */
const askAgainMs = 30_000;

/**
 * A run's events as server-sent events, from the one after `after` to the end of the run and then `done`. Each
 * string is whole messages. Read from the table in its own order, so that whoever comes back with the last id misses
 * nothing and sees nothing twice; nothing is read before the client took what came before. `beat` says that the run
 * could be read and has nothing new; while it waits, its place is sent as `place`. Neither is an event of the run, so
 * both have no id. The stream ends as well when mayStill says so: the browser comes back at once, and is told at the
 * door.
 */
export async function* runEventMessages(options: {
  db: Db;
  hub: RunEventHub;
  runId: string;
  after: bigint;
  signal: AbortSignal;
  /** Whether whoever opened the stream may still see the run. */
  mayStill: () => Promise<boolean>;
  places: Pick<QueuePlaces, "lately">;
  clock: Clock;
}): AsyncGenerator<string> {
  const { db, runId, signal } = options;
  const subscription = await options.hub.subscribe(runId);
  const close = () => subscription.close();
  signal.addEventListener("abort", close, { once: true });
  if (signal.aborted) close();
  let last = options.after;
  const nextPlace = placeTeller(options.places, runId);
  const readOn = () => readEventRows(db, runId, { after: last, take: batch });
  let askedAt = options.clock().getTime();
  let looks = 0;
  /** A run ends with a state event. Who comes back may have had it already. */
  let mayHaveEnded = true;
  /** Said at once where there is nothing to send: whoever opened the stream knows that the run can be read. */
  let woke: "changed" | "quiet" | "closed" = "quiet";
  try {
    // Sends the headers at once; the client comes back after a second when the line breaks.
    yield "retry: 1000\n\n";
    for (;;) {
      const now = options.clock().getTime();
      if (Math.abs(now - askedAt) >= askAgainMs) {
        askedAt = now;
        if (!(await options.mayStill())) return;
      }
      const rows = await readOn();
      if (rows.length > 0) {
        yield rows.map(eventMessage).join("");
        last = rows.at(-1)?.id ?? last;
        mayHaveEnded ||= rows.some((row) => row.type === "state");
      }
      if (rows.length === batch) continue;
      looks += 1;
      if (mayHaveEnded || looks >= quietLooks) {
        mayHaveEnded = false;
        looks = 0;
        // Read after the events: what came between is sent first.
        const { state } = await db.run.findUniqueOrThrow({ where: { id: runId }, select: { state: true } });
        if (isFinal(state)) {
          const rest = await readOn();
          if (rest.length > 0) {
            yield rest.map(eventMessage).join("");
            last = rest.at(-1)?.id ?? last;
            mayHaveEnded = true;
            continue;
          }
          yield message({ event: "done", data: { state } });
          return;
        }
      }
      if (woke === "quiet" && rows.length === 0) yield (await nextPlace()) ?? beat;
      woke = await subscription.next(beatMs);
      if (woke === "closed") return;
    }
  } finally {
    signal.removeEventListener("abort", close);
    close();
  }
}

/** The run's place as a message when it is another than was told before; null: nothing new. */
function placeTeller(places: Pick<QueuePlaces, "lately">, runId: string): () => Promise<string | null> {
  let told: string | null = null;
  return async () => {
    const place = queueView(await places.lately(runId));
    const text = place === null ? null : message({ event: "place", data: place });
    if (text === told) return null;
    told = text;
    return text;
  };
}

/** Rows that are nothing for students keep their place silently. */
function eventMessage(row: EventRow): string {
  const told = streamedEvent(row);
  if (told === null) return "";
  const { attempt, at, event } = told;
  return message({ id: row.id, event: row.type, data: { attempt, at, ...event } });
}

/** JSON escapes line breaks, so that one event is one data line whatever a student printed. */
function message(fields: { id?: bigint; event: string; data: unknown }): string {
  const id = fields.id === undefined ? "" : `id: ${fields.id}\n`;
  return `${id}event: ${fields.event}\ndata: ${JSON.stringify(fields.data)}\n\n`;
}

const beat = message({ event: "beat", data: {} });
