import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Listener, listen, notify } from "#infra/db/connection/notify.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";

let database: TestDatabase;
let listeners: Listener[];
beforeEach(async () => {
  database = await startTestDatabase();
  listeners = [];
});
afterEach(async () => {
  for (const listener of listeners) await listener.close();
  await database.close();
});

/** Payloads in the order they came, and a promise for the moment there are so many. */
async function startListening() {
  const payloads: string[] = [];
  let check = () => {};
  let reconnected = () => {};
  const reconnect = new Promise<void>((resolve) => {
    reconnected = resolve;
  });
  const listener = await listen(
    database.url,
    "run_event",
    (payload) => {
      payloads.push(payload);
      check();
    },
    () => reconnected(),
  );
  listeners.push(listener);
  const reached = (count: number) =>
    new Promise<void>((resolve) => {
      check = () => {
        if (payloads.length >= count) resolve();
      };
      check();
    });
  return { payloads, reached, reconnect };
}

const tell = (payload: string) => database.db.$transaction((tx) => notify(tx, "run_event", payload));

describe("a notification", () => {
  it("reaches every listener when its transaction commits, in order", async () => {
    const a = await startListening();
    const b = await startListening();
    for (const payload of ["run_1", "run_2", "run_3"]) await tell(payload);
    await Promise.all([a.reached(3), b.reached(3)]);
    expect(a.payloads).toEqual(["run_1", "run_2", "run_3"]);
    expect(b.payloads).toEqual(a.payloads);
  });

  it("is never sent by a transaction that is rolled back", async () => {
    const listener = await startListening();
    const undone = database.db.$transaction(async (tx) => {
      await notify(tx, "run_event", "run_undone");
      throw new Error("undo");
    });
    await expect(undone).rejects.toThrow("undo");
    await tell("run_done");
    await listener.reached(1);
    expect(listener.payloads).toEqual(["run_done"]);
  });

  it("is heard again after the connection broke, and the listener is told of the gap", async () => {
    const listener = await startListening();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'drydock-listen'",
    );
    await client.end();
    await listener.reconnect;
    await tell("run_after");
    await listener.reached(1);
    expect(listener.payloads).toEqual(["run_after"]);
  });

  it("cannot be listened to where no database answers", async () => {
    await expect(listen("postgresql://x:y@127.0.0.1:1/z", "run_event", () => undefined)).rejects.toThrow();
  });
});
