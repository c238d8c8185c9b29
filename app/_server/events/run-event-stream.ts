import type { Clock } from "#course/clock.ts";
import { readStoredEvent } from "#grading/runs/results/stored-results.ts";
import { isFinal } from "#grading/runs/run-state.ts";
import type { Db } from "#infra/db/connection/client.ts";
import type { QueuePlaces } from "#infra/db/runs/queue-places.ts";
import { queueView } from "../queries/run/queue-view.ts";
import type { RunEventHub, RunSubscription } from "./run-event-hub.ts";

const batch = 200;
/** How often a reader whose run waits is told its place, when that is another one. */
const placeMs = 3_000;
/** After so many quiet stretches the table is looked at again, and a sign of life is given. */
const quietRounds = 5;
/** A session that ended, or a role that was lost, ends its streams within this time. */
const askAgainMs = 30_000;

/**
 * A run's events as server-sent events, from the one after `after` to the end of the run and then `done`. Each
 * string is whole messages. Read from the table in its own order, so that whoever comes back with the last id misses
 * nothing and sees nothing twice; nothing is read before the client took what came before. While the run waits, its
 * place is sent as `place`, which is no event of the run and has no id. The stream ends as well when mayStill says so: the browser comes back at once, and is told at the door.
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
  const places = placeTeller(options.places, runId);
  let askedAt = options.clock().getTime();
  try {
    // Sends the headers at once; the client comes back after a second when the line breaks.
    yield "retry: 1000\n\n";
    for (;;) {
      const now = options.clock().getTime();
      if (Math.abs(now - askedAt) >= askAgainMs) {
        askedAt = now;
        if (!(await options.mayStill())) return;
      }
      const rows = await readEvents(db, runId, last);
      if (rows.length > 0) {
        yield rows.map(eventMessage).join("");
        last = rows.at(-1)?.id ?? last;
      }
      if (rows.length === batch) continue;
      // A run ends with a state event. The state is read after the events: what came between is sent first.
      if (rows.length === 0 || rows.some((row) => row.type === "state")) {
        const { state } = await db.run.findUniqueOrThrow({ where: { id: runId }, select: { state: true } });
        if (isFinal(state)) {
          const rest = await readEvents(db, runId, last);
          if (rest.length > 0) {
            yield rest.map(eventMessage).join("");
            last = rest.at(-1)?.id ?? last;
            continue;
          }
          yield message({ event: "done", data: { state } });
          return;
        }
      }
      if ((yield* untilChange(subscription, places)) === "closed") return;
    }
  } finally {
    signal.removeEventListener("abort", close);
    close();
  }
}

/** While nothing happens: another place in the queue, or a sign of life. Over after quietRounds at the latest. */
async function* untilChange(
  subscription: RunSubscription,
  nextPlace: () => Promise<string | null>,
): AsyncGenerator<string, "changed" | "quiet" | "closed"> {
  let told = false;
  for (let round = 0; round < quietRounds; round++) {
    const woke = await subscription.next(placeMs);
    if (woke !== "quiet") return woke;
    const place = await nextPlace();
    if (place === null) continue;
    yield place;
    told = true;
  }
  if (!told) yield ": still here\n\n";
  return "quiet";
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

type EventRow = Awaited<ReturnType<typeof readEvents>>[number];

function readEvents(db: Db, runId: string, after: bigint) {
  return db.runEvent.findMany({
    where: { runId, id: { gt: after } },
    orderBy: { id: "asc" },
    take: batch,
    select: { id: true, attempt: true, type: true, payload: true, at: true },
  });
}

/** Only what the protocol names as an event for students leaves, field by field; other rows keep their place silently. */
function eventMessage(row: EventRow): string {
  const event = readStoredEvent(row);
  if (event.outcome === "unreadable") return "";
  const data = { attempt: row.attempt, at: row.at.toISOString(), ...event.value };
  return message({ id: row.id, event: row.type, data });
}

/** JSON escapes line breaks, so that one event is one data line whatever a student printed. */
function message(fields: { id?: bigint; event: string; data: unknown }): string {
  const id = fields.id === undefined ? "" : `id: ${fields.id}\n`;
  return `${id}event: ${fields.event}\ndata: ${JSON.stringify(fields.data)}\n\n`;
}
