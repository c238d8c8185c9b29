import { mkdir, readFile, rename, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { PassThrough, Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StaffNotice } from "#grading/notices/staff-notice.ts";
import { partKey } from "#grading/submissions/part-key.ts";
import type { SweptFileStore } from "#grading/submissions/ports.ts";
import { submitWork } from "#grading/submissions/submit-work.ts";
import { type SeenFiles, type SweepPorts, sweepFiles } from "#grading/submissions/sweep-files.ts";
import { createNamedFiles } from "#infra/db/schema/named-files.ts";
import { createDiskStore } from "#infra/storage/disk.ts";
import { createLogger } from "#infra/telemetry/logger.ts";
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
import { fileSweep } from "#workers/reconcilers/file-sweep.ts";

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
  // As every worker does at its first start, when nothing is stored yet.
  await files.own("ins_1");
});
afterEach(async () => {
  await fixture.close();
  await database.close();
});

const nothingSeen = (): SeenFiles => ({ unnamed: new Map(), unfinished: new Map() });
const portsOf = (changes: Partial<SweepPorts> = {}): SweepPorts => ({
  files,
  findNamed: createNamedFiles(database.db),
  ...changes,
});
const timesOf = (now: Date) => ({
  now,
  writtenBefore: new Date(now.getTime() - dayMs),
  trashedBefore: new Date(now.getTime() - 30 * dayMs),
});
/** One pass, as the worker does it when the clock says so. */
const pass = (now: Date, seen: SeenFiles, changes: Partial<SweepPorts> = {}, installation = "ins_1") =>
  sweepFiles(portsOf(changes), { installation, ...timesOf(now), seen });
/** Two passes, since the first takes nothing; gives what the second did. */
async function sweep(now: Date, changes: Partial<SweepPorts> = {}) {
  const seen = nothingSeen();
  await pass(now, seen, changes);
  const swept = await pass(now, seen, changes);
  if (swept.outcome !== "swept") throw new Error(JSON.stringify(swept));
  return swept;
}
const nothing = { outcome: "swept", trashed: [], unfinished: 0, emptied: 0 };
/** What is stored, besides the mark of whose it is. */
const storedFiles = async () => (await fixture.storedFiles()).filter((file) => file !== ".installation");
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
    const left = await storedFiles();
    expect(left).toHaveLength(1);
    expect(await sweep(later(dayMs - 60_000))).toEqual(nothing);
    expect((await sweep(later(dayMs + 60_000))).trashed).toEqual(left);
    expect(await storedFiles()).toEqual(left.map((key) => `.trash/${key}`));
  });

  it("removes what one broken upload of many loose files left, which is one upload and no sign of a wrong database", async () => {
    const accepted = await submitWork(fixture.ports, input());
    if (accepted.outcome !== "accepted") throw new Error(JSON.stringify(accepted));
    const left = ["", ...Array.from({ length: 40 }, (_, at) => `.part-${at + 1}`)].map(
      (part) => `submissions/broken${part}`,
    );
    for (const key of left) await files.put(key, Readable.from([zip]));
    const swept = await sweep(later(dayMs + 60_000));
    expect(swept).toMatchObject({ outcome: "swept" });
    expect([...(swept as { trashed: string[] }).trashed].sort()).toEqual(left.sort());
  });

  it("never removes what a row names, however old it is", async () => {
    const accepted = await submitWork(fixture.ports, input());
    if (accepted.outcome !== "accepted") throw new Error(JSON.stringify(accepted));
    // Of an exercise, wherever such a file may lie.
    const version = { exerciseId: course.exerciseId, hash: "f".repeat(64), spec: {}, machineKind: "engine" };
    const keys = { hiddenKey: "submissions/hidden.tar", starterKey: "submissions/starter.zip" };
    await database.db.exerciseVersion.create({ data: { id: "ver_2", ...version, ...keys } });
    for (const key of Object.values(keys)) await files.put(key, Readable.from([zip]));
    await files.put("exercises/old/hidden.tar", Readable.from([zip]));
    const before = await storedFiles();
    expect(before).toHaveLength(4);
    expect(await sweep(later(100 * dayMs))).toEqual(nothing);
    expect(await storedFiles()).toEqual(before);
  });

  it("never removes a file whose row came between the look and the removal", async () => {
    await files.put("submissions/late", Readable.from([zip]));
    const named = createNamedFiles(database.db);
    let looks = 0;
    const findNamed = async (keys: string[]) => {
      looks += 1;
      if (looks < 3) return new Set<string>();
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
    expect((await sweep(new Date(), { findNamed })).trashed).toEqual([]);
    expect(looks).toBe(3);
    expect(await storedFiles()).toContain("submissions/late");
  });

  it("removes parts of loose files and unfinished uploads of a process that died", async () => {
    await files.put("submissions/sub_dead.part-1", Readable.from([zip]));
    await age("submissions/sub_dead.part-1", 2 * dayMs);
    await mkdir(path.join(fixture.root, ".incoming"), { recursive: true });
    await writeFile(path.join(fixture.root, ".incoming/dead"), "half");
    await age(".incoming/dead", 2 * dayMs);
    await writeFile(path.join(fixture.root, ".incoming/alive"), "half");
    const trashed = ["submissions/sub_dead.part-1"];
    expect(await sweep(new Date())).toEqual({ ...nothing, trashed, unfinished: 1 });
    expect(await storedFiles()).toEqual([".incoming/alive", ".trash/submissions/sub_dead.part-1"]);
  });

  it("goes on after one upload of many loose files was cut off: its parts name no submission", async () => {
    await write(5, "known");
    await putParts(40);
    const changes = { findNamed: knows("known") };
    const { trashed } = await sweep(later(2 * dayMs), changes);
    expect(trashed).toHaveLength(40);
    const emptying = pass(later(33 * dayMs), nothingSeen(), changes);
    expect(await emptying).toEqual({ ...nothing, emptied: 40 });
    expect(await storedFiles()).toHaveLength(5);
  });

  it("does not touch an upload that is under way", async () => {
    const stream = new PassThrough();
    const submitting = submitWork(fixture.ports, input({ files: filesOfStream("work.zip", stream) }));
    stream.write(zip.subarray(0, 10));
    await expect.poll(() => storedFiles()).toHaveLength(1);
    await sweep(new Date());
    stream.end(zip.subarray(10));
    expect((await submitting).outcome).toBe("accepted");
  });

  it("looks through thousands of files, and says nothing of one that went meanwhile", async () => {
    await write(1200, "known");
    await write(10, "left");
    const vanishing = { ...files, find: async (key: string) => (key.endsWith("7") ? null : files.find(key)) };
    const { trashed } = await sweep(later(2 * dayMs), { files: vanishing, findNamed: knows("known") });
    expect(trashed).toHaveLength(9);
    expect(await storedFiles()).toHaveLength(1210);
  });

  it("finds nothing in a store that is still empty", async () => {
    expect(await sweep(new Date())).toEqual(nothing);
  });

  it("takes nothing that only the clock made old: an upload that arrives, one whose row is about to come", async () => {
    await files.put("submissions/sub_1", Readable.from([zip]));
    await mkdir(path.join(fixture.root, ".incoming"), { recursive: true });
    const arriving = path.join(fixture.root, ".incoming/arriving");
    await writeFile(arriving, "first");
    const seen = nothingSeen();
    const ahead = later(3 * dayMs);
    expect(await pass(ahead, seen)).toEqual(nothing);
    // Hours later, which the upload has not waited for.
    await utimes(arriving, ahead, new Date(ahead.getTime() - 2 * dayMs));
    expect(await pass(ahead, seen)).toMatchObject({ unfinished: 0, trashed: ["submissions/sub_1"] });
    expect(await readFile(arriving, "utf8")).toBe("first");
  });
});

describe("the trash", () => {
  it("keeps what was taken away for 30 days, whole, and then removes it", async () => {
    await files.put("submissions/sub_1", Readable.from([zip]));
    const takenAt = later(2 * dayMs);
    await sweep(takenAt);
    const kept = path.join(fixture.root, ".trash/submissions/sub_1");
    expect((await readFile(kept)).equals(zip)).toBe(true);
    const on = (days: number) => new Date(takenAt.getTime() + days * dayMs);
    expect(await sweep(on(29))).toEqual(nothing);
    expect(await pass(on(31), nothingSeen())).toMatchObject({ emptied: 1 });
    expect(await storedFiles()).toEqual([]);
  });

  it("gives back what is moved out of it, which is then safe for a day", async () => {
    await files.put("submissions/sub_1", Readable.from([zip]));
    await age("submissions/sub_1", 50 * dayMs);
    await sweep(new Date());
    const place = (folder: string) => path.join(fixture.root, folder, "submissions/sub_1");
    await rename(place(".trash"), place(""));
    expect(await sweep(new Date())).toEqual(nothing);
    expect((await files.get("submissions/sub_1")).bytes).toBe(zip.length);
  });
});

describe("a database that is not that of the files", () => {
  it("fresh, by a mistyped address: 700 submissions stay, however often the worker starts", async () => {
    await write(700, "sub");
    for (const installation of ["ins_1", "ins_2"]) {
      const seen = nothingSeen();
      for (let passes = 0; passes < 3; passes++) {
        const swept = await pass(later(3 * dayMs), seen, {}, installation);
        expect(swept).toMatchObject({ outcome: installation === "ins_1" ? "too-many" : "foreign" });
      }
    }
    expect(await storedFiles()).toHaveLength(700);
  });

  it("fresh, where nobody has said yet whose the files are: not one goes, and they are not taken over", async () => {
    await rename(path.join(fixture.root, ".installation"), path.join(fixture.root, "moved"));
    await write(2, "sub");
    const seen = nothingSeen();
    for (let passes = 0; passes < 2; passes++)
      expect(await pass(later(3 * dayMs), seen)).toMatchObject({ outcome: "too-many", stored: 2 });
    expect(await files.owner()).toBeNull();
    expect(await pass(later(3 * dayMs), seen, { findNamed: knows("sub") })).toEqual(nothing);
    expect(await files.owner()).toBe("ins_1");
  });

  it("of a copied site that shares the folder: neither its files nor its uploads are touched", async () => {
    await write(1, "sub");
    await mkdir(path.join(fixture.root, ".incoming"), { recursive: true });
    await writeFile(path.join(fixture.root, ".incoming/dead"), "half");
    const seen = nothingSeen();
    for (let passes = 0; passes < 2; passes++)
      expect(await pass(later(3 * dayMs), seen, {}, "ins_copy")).toEqual({
        outcome: "foreign",
        owner: "ins_1",
      });
    expect(await storedFiles()).toEqual([".incoming/dead", "submissions/sub_0"]);
  });

  it("restored from an older backup, which has the same id: what it lost stays", async () => {
    await write(100, "before");
    await write(21, "since");
    const seen = nothingSeen();
    for (let passes = 0; passes < 2; passes++) {
      const swept = await pass(later(3 * dayMs), seen, { findNamed: knows("before") });
      expect(swept).toMatchObject({ outcome: "too-many", stored: 121 });
    }
    expect(await storedFiles()).toHaveLength(121);
  });

  it("is known beside any number of parts, which are no submissions", async () => {
    await write(10, "before");
    await write(4, "since");
    await putParts(40);
    const swept = await pass(later(3 * dayMs), nothingSeen(), { findNamed: knows("before") });
    expect(swept).toMatchObject({ outcome: "too-many", stored: 14 });
    expect(swept).toHaveProperty("unnamed.length", 4);
  });

  it("keeps the submissions, and nothing else: what never arrived whole and old trash are removed", async () => {
    await write(1, "gone");
    await sweep(later(2 * dayMs));
    await write(21, "since");
    await mkdir(path.join(fixture.root, ".incoming"), { recursive: true });
    await writeFile(path.join(fixture.root, ".incoming/dead"), "half");
    const seen = nothingSeen();
    const on = (days: number) => pass(later(days * dayMs), seen);
    expect(await on(31)).toMatchObject({ outcome: "too-many", unfinished: 0, emptied: 0 });
    expect(await on(33)).toMatchObject({ outcome: "too-many", unfinished: 1, emptied: 1 });
    expect(await storedFiles()).toHaveLength(21);
  });

  it("is told to staff at each pass, and is over when the right one is back", async () => {
    await write(30, "sub");
    const told: StaffNotice[] = [];
    const settled: string[] = [];
    const sweeping = (changes: Partial<SweepPorts>, installation = "ins_1") =>
      fileSweep({
        ...portsOf(changes),
        ...{ installation, graceMs: dayMs, trashMs: 30 * dayMs, everyMs: 1, clock: () => later(3 * dayMs) },
        log: createLogger({ name: "test", level: "silent" }),
        store: {
          tellStaff: async (notice) => void told.push(notice),
          settleNotice: async ({ action }) => void settled.push(action),
        },
      }).pass();
    await sweeping({});
    await sweeping({}, "ins_2");
    expect(told.map(({ action, subject }) => `${action} ${subject}`)).toEqual(
      Array(2).fill("storage.unknown_files storage:submissions"),
    );
    expect(told[0]?.reason).toContain("Of 30 stored uploads the database does not know 30");
    expect(told[1]?.reason).toContain("belong to the installation ins_1, and the database to ins_2");
    expect(settled).toEqual([]);
    await sweeping({ findNamed: knows("sub") });
    expect(settled).toEqual(["storage.unknown_files"]);
  });
});

/** So many files, by names that begin like this. */
async function write(count: number, name: string) {
  await mkdir(path.join(fixture.root, "submissions"), { recursive: true });
  for (let i = 0; i < count; i++) await writeFile(path.join(fixture.root, `submissions/${name}_${i}`), "x");
}

/** What one upload of loose files leaves when its process dies. */
async function putParts(count: number) {
  for (let i = 1; i <= count; i++) await files.put(partKey("submissions/sub_dead", i), Readable.from(["x"]));
}

/** A database that knows the files whose names begin like this. */
const knows = (name: string) => async (keys: string[]) =>
  new Set(keys.filter((key) => key.startsWith(`submissions/${name}_`)));
