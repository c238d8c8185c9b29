import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { SubmitPorts } from "#grading/submissions/ports.ts";
import { submitWork } from "#grading/submissions/submit-work.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { type SeededCourse, seedCourse } from "#tests/support/seed.ts";
import {
  filesOf,
  filesOfStream,
  type SubmitFixture,
  startSubmitFixture,
  submitInput,
  tarOf,
} from "#tests/support/submit.ts";

const receivedAt = new Date("2024-11-14T20:00:00Z");
const mib = 1024 * 1024;
let database: TestDatabase;
let course: SeededCourse;
let fixture: SubmitFixture;
let tar: Buffer;
beforeEach(async () => {
  database = await startTestDatabase();
  course = await seedCourse(database.db);
  fixture = await startSubmitFixture(database, receivedAt, { personBytes: 5 * mib, courseBytes: 1024 * mib });
  tar = await tarOf([
    { name: "Dockerfile", text: "FROM busybox\n" },
    { name: "data", text: randomBytes(mib).toString("hex") },
  ]);
});
afterEach(async () => {
  await fixture.close();
  await database.close();
});

const work = (files: ReturnType<typeof filesOf>) => {
  const { studentId: userId, exerciseId } = course;
  return submitInput({ userId, exerciseId, files, receivedAt, idempotencyKey: "key-1" });
};

/** Readings of archives wait for `open`; the first two take too long. */
function heldReadings() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let begun = 0;
  const listArchive: SubmitPorts["listArchive"] = async (archive) => {
    begun += 1;
    const tooSlow = begun <= 2;
    await opened;
    if (!tooSlow) return fixture.ports.listArchive(archive);
    return { outcome: "refused", code: "archive-too-slow", message: "It took more than 60 s." };
  };
  return { ports: { ...fixture.ports, listArchive }, begun: () => begun, open };
}

it("is read while its tries, which arrived whole, wait for their archives to be read, and taken when those fail", async () => {
  const readings = heldReadings();
  const tries = [1, 2].map(() => submitWork(readings.ports, work(filesOf({ name: "work.tar", bytes: tar }))));
  await expect.poll(readings.begun).toBe(2);

  let read = 0;
  const chunks = Array.from({ length: Math.ceil(tar.length / 65_536) }, (_, i) =>
    tar.subarray(i * 65_536, (i + 1) * 65_536),
  );
  function* arriving() {
    for (const chunk of chunks) {
      read += chunk.length;
      yield chunk;
    }
  }
  const again = submitWork(readings.ports, work(filesOfStream("work.tar", Readable.from(arriving()))));
  await expect.poll(() => read, { timeout: 10_000 }).toBe(tar.length);
  expect(tar.length).toBeGreaterThan(2 * mib);

  readings.open();
  expect((await Promise.all(tries)).map(({ outcome }) => outcome)).toEqual(["refused", "refused"]);
  expect(await again).toMatchObject({ outcome: "accepted", receipt: { receivedAt } });
  expect(await fixture.storedFiles()).toHaveLength(1);
});
