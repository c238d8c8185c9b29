import { afterAll, beforeAll, expect, test } from "vitest";
import { readEventPage } from "#app/_server/events/event-page.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { seedCourse, seededAt, seedSubmission } from "#tests/support/seed.ts";

let database: TestDatabase;
let runId: string;
const lines = 1200;
const longest = 8192;

beforeAll(async () => {
  database = await startTestDatabase();
  const { db } = database;
  ({ runId } = await seedSubmission(db, await seedCourse(db)));
  await db.runEvent.createMany({
    data: Array.from({ length: lines }, (_, index) => ({
      ...{ runId, attempt: 1, seq: index + 1, type: "log", at: seededAt },
      payload: { type: "log", check: null, line: `${index} `.padEnd(longest, "x") },
    })),
  });
}, 120_000);
afterAll(() => database?.close());

test("lines as long as can be come in answers that are no larger for it, each once and in their order", async () => {
  const told: number[] = [];
  let after = 0n;
  for (let more = true; more; ) {
    const page = await readEventPage(database.db, runId, { after });
    expect(JSON.stringify(page).length).toBeLessThan(7_000_000);
    for (const { event } of page.events) if (event.type === "log") told.push(Number.parseInt(event.line, 10));
    after = BigInt(page.lastId);
    more = page.more;
  }
  expect(told).toEqual(Array.from({ length: lines }, (_, index) => index));
}, 60_000);
