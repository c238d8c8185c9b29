import { mkdir, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { PassThrough, Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SweptFileStore } from "#grading/submissions/ports.ts";
import { submitWork } from "#grading/submissions/submit-work.ts";
import { sweepFiles } from "#grading/submissions/sweep-files.ts";
import { createNamedFiles } from "#infra/db/named-files.ts";
import { createDiskStore } from "#infra/storage/disk.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { type SeededCourse, seedCourse } from "#tests/support/seed.ts";
import {
  filesOf,
  filesOfStream,
  type SubmitFixture,
  startSubmitFixture,
  submitInput,
  zipOf,
} from "#tests/support/submit.ts";

const dayMs = 86_400_000;

let database: TestDatabase;
let course: SeededCourse;
let fixture: SubmitFixture;
let files: SweptFileStore;
let zip: Buffer;

beforeEach(async () => {
  database = await startTestDatabase();
  course = await seedCourse(database.db, { dueAt: null });
  fixture = await startSubmitFixture(database, new Date());
  files = createDiskStore(fixture.root);
  zip = await zipOf({ Dockerfile: "FROM busybox\n" });
});
afterEach(async () => {
  await fixture.close();
  await database.close();
});

/** As the worker does it, when the clock says so. */
const sweep = (now: Date, store: SweptFileStore = files) =>
  sweepFiles({ files: store, findNamed: createNamedFiles(database.db) }, new Date(now.getTime() - dayMs));
const input = (fields: Partial<Parameters<typeof submitInput>[0]> = {}) =>
  submitInput({
    userId: course.studentId,
    exerciseId: course.exerciseId,
    files: filesOf({ name: "work.zip", bytes: zip }),
    receivedAt: new Date(),
    ...fields,
  });
const later = (ms: number) => new Date(Date.now() + ms);
/** Makes a stored file look as if it had been written so long ago. */
const age = (file: string, ms: number) => {
  const at = new Date(Date.now() - ms);
  return utimes(path.join(fixture.root, file), at, at);
};

describe("the sweep of files", () => {
  it("removes the bytes of an upload whose commit failed, after the grace and not before", async () => {
    const { store } = fixture.ports;
    const crashing = { ...store, record: () => Promise.reject(new Error("The database went away.")) };
    await expect(submitWork({ ...fixture.ports, store: crashing }, input())).rejects.toThrow("went away");
    const left = await fixture.storedFiles();
    expect(left).toHaveLength(1);
    expect((await sweep(later(dayMs - 60_000))).removed).toEqual([]);
    expect((await sweep(later(dayMs + 60_000))).removed).toEqual(left);
    expect(await fixture.storedFiles()).toEqual([]);
  });

  it("never removes what a row names, however old it is", async () => {
    const accepted = await submitWork(fixture.ports, input());
    if (accepted.outcome !== "accepted") throw new Error(JSON.stringify(accepted));
    // Of an exercise, wherever such a file may lie.
    const version = { exerciseId: course.exerciseId, hash: "f".repeat(64), spec: {} };
    const keys = { hiddenKey: "submissions/hidden.tar", starterKey: "submissions/starter.zip" };
    await database.db.exerciseVersion.create({ data: { id: "ver_2", ...version, ...keys } });
    for (const key of Object.values(keys)) await files.put(key, Readable.from([zip]));
    await files.put("exercises/old/hidden.tar", Readable.from([zip]));
    const before = await fixture.storedFiles();
    expect(before).toHaveLength(4);
    expect(await sweep(later(100 * dayMs))).toEqual({ removed: [], unfinished: 0 });
    expect(await fixture.storedFiles()).toEqual(before);
  });

  it("never removes a file whose row came between the look and the removal", async () => {
    await files.put("submissions/late", Readable.from([zip]));
    const named = createNamedFiles(database.db);
    let looks = 0;
    const findNamed = async (keys: string[]) => {
      looks += 1;
      if (looks === 1) return new Set<string>();
      await submitWorkAs("submissions/late");
      return named(keys);
    };
    const submitWorkAs = async (storageKey: string) => {
      const accepted = await submitWork(fixture.ports, input());
      if (accepted.outcome !== "accepted") throw new Error(JSON.stringify(accepted));
      const row = await database.db.submission.findUniqueOrThrow({ where: { id: accepted.submissionId } });
      const data = { ...row, id: "sub_late", number: 2, storageKey, files: row.files as object };
      await database.db.submission.create({ data });
    };
    await age("submissions/late", 2 * dayMs);
    expect((await sweepFiles({ files, findNamed }, later(-dayMs))).removed).toEqual([]);
    expect(looks).toBe(2);
    expect(await fixture.storedFiles()).toContain("submissions/late");
  });

  it("removes parts of loose files and unfinished uploads of a process that died", async () => {
    await files.put("submissions/sub_dead.part-1", Readable.from([zip]));
    await age("submissions/sub_dead.part-1", 2 * dayMs);
    await mkdir(path.join(fixture.root, ".incoming"), { recursive: true });
    await writeFile(path.join(fixture.root, ".incoming/dead"), "half");
    await age(".incoming/dead", 2 * dayMs);
    await writeFile(path.join(fixture.root, ".incoming/alive"), "half");
    expect(await sweep(new Date())).toEqual({ removed: ["submissions/sub_dead.part-1"], unfinished: 1 });
    expect(await fixture.storedFiles()).toEqual([".incoming/alive"]);
  });

  it("does not touch an upload that is under way", async () => {
    const stream = new PassThrough();
    const submitting = submitWork(fixture.ports, input({ files: filesOfStream("work.zip", stream) }));
    stream.write(zip.subarray(0, 10));
    await expect.poll(() => fixture.storedFiles()).toHaveLength(1);
    await sweep(new Date());
    stream.end(zip.subarray(10));
    expect((await submitting).outcome).toBe("accepted");
  });

  it("looks through thousands of files, and says nothing of one that went meanwhile", async () => {
    await mkdir(path.join(fixture.root, "submissions"), { recursive: true });
    for (let i = 0; i < 1200; i++) await writeFile(path.join(fixture.root, `submissions/sub_${i}`), "x");
    const vanishing: SweptFileStore = {
      ...files,
      find: async (key) => (key.endsWith("7") ? null : files.find(key)),
    };
    const { removed } = await sweep(later(2 * dayMs), vanishing);
    expect(removed).toHaveLength(1080);
    expect(await fixture.storedFiles()).toHaveLength(120);
  });

  it("finds nothing in a store that is still empty", async () => {
    expect(await sweep(new Date())).toEqual({ removed: [], unfinished: 0 });
  });
});
