import pg from "pg";
import type { Tx } from "./client.ts";

/** run_event: the payload is the id of a run whose events or state changed. */
export type NotifyChannel = "run_event";

/** Told to listeners when the transaction commits, and only then. */
export async function notify(tx: Tx, channel: NotifyChannel, payload: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${channel}, ${payload})`;
}

export interface Listener {
  close(): Promise<void>;
}

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/**
 * Calls `onPayload` for each notification, on a connection of its own that is opened again when it breaks; resolves
 * once it listens. Notifications sent while it was broken are lost: `onReconnect` is the time to look at the tables.
 */
export async function listen(
  url: string,
  channel: NotifyChannel,
  onPayload: (payload: string) => void,
  onReconnect: () => void = () => undefined,
): Promise<Listener> {
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const open = async () => {
    const next = new pg.Client({
      connectionString: url,
      keepAlive: true,
      application_name: "drydock-listen",
    });
    next.on("notification", (message) => onPayload(message.payload ?? ""));
    next.on("error", () => undefined); // "end" follows every error, and is where it is acted on.
    await next.connect();
    await next.query(`LISTEN ${next.escapeIdentifier(channel)}`);
    next.once("end", () => {
      if (!closed) reopenAfter(firstPauseMs);
    });
    client = next;
    if (closed) await next.end();
  };
  const reopenAfter = (pauseMs: number) => {
    timer = setTimeout(() => {
      open().then(onReconnect, () => {
        if (!closed) reopenAfter(Math.min(pauseMs * 2, longestPauseMs));
      });
    }, pauseMs);
  };

  await open();
  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
