import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";

const lockKey = 7_001;

export interface FaultPoints {
  /** Holds every change that would bring a row of the table into this state, until released. */
  hold(table: "run" | "machine", state: string): Promise<void>;
  /** Resolves when somebody is held. */
  untilHeld(): Promise<void>;
  /** Ends what is held as a crash would, and holds nothing any more. */
  release(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Stops the worker between two states from inside the database: a trigger waits for a lock that the test has. So
 * production code needs no hooks, and what is held has happened in every part but the commit. The trigger acts by the
 * test's rights: the worker's role knows nothing of its table.
 */
export async function openFaultPoints(url: string): Promise<FaultPoints> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined); // Its server is stopped by some tests, which hold nothing.
  await client.connect();
  await client.query(`
    CREATE TABLE fault_point (kind text, state text);
    CREATE FUNCTION fault_point_hold() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      IF OLD.state IS DISTINCT FROM NEW.state AND EXISTS (
        SELECT 1 FROM fault_point WHERE kind = TG_TABLE_NAME AND state = NEW.state::text
      ) THEN
        PERFORM pg_advisory_xact_lock_shared(${lockKey});
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER fault_point_hold BEFORE UPDATE ON run FOR EACH ROW EXECUTE FUNCTION fault_point_hold();
    CREATE TRIGGER fault_point_hold BEFORE UPDATE ON machine FOR EACH ROW EXECUTE FUNCTION fault_point_hold();
  `);
  const held = async () => {
    const { rows } = await client.query<{ pid: number }>(
      "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted",
      [lockKey],
    );
    return rows.map((row) => row.pid);
  };
  return {
    hold: async (table, state) => {
      await client.query("SELECT pg_advisory_lock($1)", [lockKey]);
      await client.query("INSERT INTO fault_point VALUES ($1, $2)", [table, state]);
    },
    untilHeld: async () => {
      while ((await held()).length === 0) await pause(20);
    },
    release: async () => {
      await client.query("DELETE FROM fault_point");
      for (const pid of await held()) await client.query("SELECT pg_terminate_backend($1)", [pid]);
      while ((await held()).length > 0) await pause(10);
      await client.query("SELECT pg_advisory_unlock($1)", [lockKey]);
    },
    close: () => client.end(),
  };
}
