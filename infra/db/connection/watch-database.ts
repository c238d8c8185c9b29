import pg from "pg";
import type { Monotonic } from "#course/clock.ts";

export interface DatabaseWatch {
  /** Whether the database answered when it was last asked; true until it has been. */
  readonly answers: boolean;
  /** Whether it did not at any time since an instant of the monotonic clock, milliseconds. */
  wasAway(since: number): boolean;
  close(): Promise<void>;
}

export interface WatchSettings {
  /** From one look to the next. */
  everyMs: number;
  /** How long one query, or the opening of a connection, may take; a look that finds nobody takes three of them. */
  limitMs: number;
  monotonic: Monotonic;
  onChange: (answers: boolean, error: unknown) => void;
}

/**
 * Holds one connection and asks through it all the time. A server that ends is known at once, because it ends the
 * connection; one that hangs at the end of the next look. A connection that breaks says nothing yet: only where no other can be
 * opened does the database not answer.
 */
export function watchDatabase(url: string, settings: WatchSettings): DatabaseWatch {
  const { everyMs, limitMs, monotonic, onChange } = settings;
  let client: pg.Client | null = null;
  let answers = true;
  let backAt = Number.NEGATIVE_INFINITY;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;

  const drop = () => {
    const broken = client;
    client = null;
    broken?.end().catch(() => undefined);
  };
  const open = async () => {
    const next = new pg.Client({
      connectionString: url,
      application_name: "drydock-watch",
      connectionTimeoutMillis: limitMs,
      query_timeout: limitMs,
    });
    // Every error is followed by the end.
    next.on("error", () => undefined);
    next.once("end", () => {
      if (client !== next) return;
      client = null;
      void look();
    });
    try {
      await next.connect();
      await next.query("SELECT 1");
    } catch (error) {
      next.end().catch(() => undefined);
      throw error;
    }
    client = next;
  };
  const ask = async () => {
    if (client !== null) {
      const asked = await client.query("SELECT 1").then(
        () => true,
        () => false,
      );
      if (asked) return;
      drop();
    }
    await open();
  };
  const tell = (now: boolean, error: unknown) => {
    if (now === answers || closed) return;
    answers = now;
    if (now) backAt = monotonic();
    onChange(now, error);
  };
  const look = () => {
    clearTimeout(timer);
    looking ??= ask()
      .then(
        () => tell(true, null),
        (error: unknown) => tell(false, error),
      )
      .finally(() => {
        looking = null;
        if (!closed) timer = setTimeout(look, everyMs);
      });
    return looking;
  };

  void look();
  return {
    get answers() {
      return answers;
    },
    wasAway: (since) => !answers || since <= backAt,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await looking;
      clearTimeout(timer);
      drop();
    },
  };
}
