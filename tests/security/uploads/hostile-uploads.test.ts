import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RefusalCode } from "#grading/submissions/refusals/upload-refusal.ts";
import type { SubmitInput } from "#grading/submissions/submission-types.ts";
import { submitWork } from "#grading/submissions/submit-work.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { type SeededCourse, seedCourse } from "#tests/support/seed.ts";
import {
  filesOf,
  filesOfStream,
  listFiles,
  type SubmitFixture,
  startSubmitFixture,
  submitInput,
  tarOf,
  zipOf,
} from "#tests/support/submit.ts";
import { manyEntries, patchedZip, zipBomb } from "./hostile-archives.ts";

/**
 * Every hostile upload, from the bytes to the row, on a real database and disk: one clear sentence, kept for staff;
 * nothing stored, nothing written anywhere else, and what was stored before untouched.
 */
const now = new Date("2024-11-14T20:00:00Z");

let database: TestDatabase;
let course: SeededCourse;
let otherCourse: SeededCourse;
let fixture: SubmitFixture;
let earlier: { key: string; sha256: string };

beforeAll(async () => {
  database = await startTestDatabase();
  const spec = { limits: { packedBytes: 200_000, unpackedBytes: 8_000_000, entries: 50 } };
  course = await seedCourse(database.db, { spec });
  otherCourse = await seedCourse(database.db, { courseSlug: "tcss599-f2024" });
  fixture = await startSubmitFixture(database, now);
  const zip = await zipOf({ Dockerfile: "FROM busybox\n" });
  const outcome = await submitWork(fixture.ports, upload(filesOf({ name: "good.zip", bytes: zip })));
  if (outcome.outcome !== "accepted") throw new Error(JSON.stringify(outcome));
  earlier = { key: `submissions/${outcome.submissionId}`, sha256: outcome.receipt.sha256 };
});
afterAll(async () => {
  await fixture.close();
  await database.close();
});

const upload = (files: SubmitInput["files"], more: Partial<SubmitInput> = {}): SubmitInput => ({
  ...submitInput({ userId: course.studentId, exerciseId: course.exerciseId, files, receivedAt: now }),
  ...more,
});

const dockerfile = { name: "Dockerfile", text: "FROM busybox\n" };
const tar = (...entries: Parameters<typeof tarOf>[0]) => tarOf([dockerfile, ...entries]);
const random = (bytes: number) => {
  const chunks: Buffer[] = [];
  for (let i = 0; i * 32 < bytes; i++) chunks.push(createHash("sha256").update(String(i)).digest());
  return Buffer.concat(chunks).subarray(0, bytes);
};

interface Hostile {
  what: string;
  code: RefusalCode;
  /** What the sentence must name. */
  names: string;
  name?: string;
  bytes: () => Promise<Buffer> | Buffer;
}

const hostile: Hostile[] = [
  { what: "a text", code: "not-an-archive", names: "work.zip", bytes: () => Buffer.from("hello") },
  {
    what: "no bytes at all",
    code: "not-an-archive",
    names: "is empty (0 bytes); pack the files that the exercise asks for as a zip",
    bytes: () => Buffer.alloc(0),
  },
  { what: "an empty zip", code: "empty-archive", names: "work.zip", bytes: () => zipOf({}) },
  {
    what: "a tar entry above the root",
    code: "path-outside",
    names: "../evil",
    bytes: () => tar({ name: "../evil", text: "x" }),
  },
  {
    what: "a tar entry that climbs later",
    code: "path-outside",
    names: "a/../../evil",
    bytes: () => tar({ name: "a/../../evil", text: "x" }),
  },
  {
    what: "a zip entry above the root",
    code: "path-outside",
    names: "../evil",
    bytes: () => patchedZip("__xevil", "../evil"),
  },
  {
    what: "an absolute tar entry",
    code: "path-absolute",
    names: "/etc/cron.d/evil",
    bytes: () => tar({ name: "/etc/cron.d/evil", text: "x" }),
  },
  {
    what: "an absolute zip entry",
    code: "path-absolute",
    names: "/tmpevil",
    bytes: () => patchedZip("_tmpevil", "/tmpevil"),
  },
  {
    what: "a symbolic link",
    code: "entry-link",
    names: "key",
    bytes: () => tar({ name: "key", type: "symlink", linkname: "/etc/shadow" }),
  },
  {
    what: "a link and a file to write through it",
    code: "entry-link",
    names: "out",
    bytes: () => tar({ name: "out", type: "symlink", linkname: tmpdir() }, { name: "out/evil", text: "x" }),
  },
  {
    what: "a hard link",
    code: "entry-link",
    names: "passwd",
    bytes: () => tar({ name: "passwd", type: "link", linkname: "/etc/passwd" }),
  },
  {
    what: "a device",
    code: "entry-device",
    names: "disk",
    bytes: () => tar({ name: "disk", type: "block-device", devmajor: 8, devminor: 0 }),
  },
  { what: "a pipe", code: "entry-device", names: "pipe", bytes: () => tar({ name: "pipe", type: "fifo" }) },
  {
    what: "a set-user-ID file",
    code: "entry-device",
    names: "root",
    bytes: () => tar({ name: "root", mode: 0o4755, text: "x" }),
  },
  {
    what: "names that differ by case",
    code: "name-case-differs",
    names: "dockerfile",
    bytes: () => tar({ name: "dockerfile", text: "x" }),
  },
  { what: "one name twice", code: "entry-duplicate", names: "Dockerfile", bytes: () => tar(dockerfile) },
  {
    what: "a newline in a name",
    code: "path-bad-name",
    names: "\\u{a}",
    bytes: () => tar({ name: "a\nb", text: "x" }),
  },
  {
    what: "an escape sequence in a name",
    code: "path-bad-name",
    names: "\\u{1b}",
    bytes: () => tar({ name: "\u001b]52;c;x\u0007", text: "x" }),
  },
  {
    what: "a right-to-left mark in a name",
    code: "path-bad-name",
    names: "\\u{202e}",
    bytes: () => zipOf({ Dockerfile: "x", "a\u202efdp.exe": "x" }),
  },
  {
    what: "more entries than allowed",
    code: "too-many-entries",
    names: "50",
    bytes: () => tar(...Array.from({ length: 50 }, (_, i) => ({ name: `f${i}`, text: "" }))),
  },

  { what: "a zip bomb", code: "too-large-unpacked", names: "7.6 MB", bytes: () => zipBomb(64_000_000) },
  {
    what: "a huge ratio within the size",
    code: "ratio-too-high",
    names: "200 times",
    bytes: () => zipBomb(7_000_000),
  },
  {
    what: "more bytes than allowed",
    code: "too-large-packed",
    names: "195 KB",
    bytes: () => random(200_001),
  },
  {
    what: "a zip that ends half way",
    code: "archive-damaged",
    names: "damaged or cut off",
    bytes: async () => (await zipOf({ Dockerfile: "x".repeat(5000) })).subarray(0, 60),
  },
  {
    what: "a tar.gz that ends half way",
    code: "archive-damaged",
    names: "damaged or cut off",
    name: "work.tar.gz",
    bytes: async () =>
      gzipSync(await tarOf([{ name: "Dockerfile", text: random(4000).toString("hex") }])).subarray(0, 2000),
  },
  {
    what: "no required file",
    code: "missing-required",
    names: "Dockerfile",
    bytes: () => zipOf({ "main.py": "x" }),
  },
  {
    what: "a required file in other case",
    code: "name-case-differs",
    names: "dockerFile",
    bytes: () => zipOf({ dockerFile: "x" }),
  },
];

/** Refused, in one sentence, kept for staff, with nothing stored; gives the sentence. */
async function expectRefused(input: SubmitInput, code: RefusalCode): Promise<string> {
  const outsideBefore = await surroundings();
  const outcome = await submitWork(fixture.ports, input);
  if (outcome.outcome !== "refused") throw new Error(`accepted: ${JSON.stringify(outcome)}`);
  const { message } = outcome;
  expect({ code: outcome.code, message }).toEqual({ code, message });
  expect(message).toMatch(/^[^\n\r\p{Cc}\p{Cf}]{20,600}\.$/u);
  const kept = await database.db.uploadRefusal.findUniqueOrThrow({ where: { id: outcome.refusalId } });
  expect(kept).toMatchObject({ code, message, userId: input.userId, exerciseId: input.exerciseId });
  expect(await fixture.storedFiles()).toEqual([earlier.key]);
  expect(await surroundings()).toEqual(outsideBefore);
  const bytes = await readFile(path.join(fixture.root, earlier.key));
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(earlier.sha256);
  expect(await database.db.submission.count()).toBe(1);
  expect(await database.db.run.count()).toBe(1);
  return message;
}

/** Where a path that left the store, or a link out of it, would have written. */
async function surroundings(): Promise<string[]> {
  const parent = path.dirname(fixture.root);
  const near = await listFiles(fixture.root);
  const marks = [path.join(parent, "evil"), "/tmpevil", "/etc/cron.d/evil", "/evil"];
  const found = await Promise.all(
    marks.map((mark) =>
      readFile(mark).then(
        () => mark,
        () => null,
      ),
    ),
  );
  return [...near, ...found.filter((mark) => mark !== null)];
}

describe("an upload is refused, named, kept for staff and leaves nothing behind when it is", () => {
  it.each(hostile)("$what", async ({ code, names, name = "work.zip", bytes }) => {
    const message = await expectRefused(upload(filesOf({ name, bytes: await bytes() })), code);
    expect(message).toContain(names);
  });

  it("a million entries, of which the first too many ends the reading", async () => {
    const files = filesOfStream("work.tar.gz", manyEntries(1_000_000));
    const { studentId: userId, exerciseId } = otherCourse;
    expect(await expectRefused(upload(files, { userId, exerciseId }), "too-many-entries")).toContain("2000");
  });

  it("no file at all", async () => {
    await expectRefused(upload(filesOf()), "no-files");
  });

  it.each<[string, string, RefusalCode]>([
    ["above the root", "../Dockerfile", "path-outside"],
    ["absolute", "/etc/passwd", "path-absolute"],
    ["one twice", "Dockerfile", "entry-duplicate"],
    ["in other case", "DOCKERFILE", "name-case-differs"],
    ["with a control character", "a\u0000b", "path-bad-name"],
  ])("loose files with a name %s", async (_what, name, code) => {
    const files = filesOf(
      { name: "Dockerfile", bytes: Buffer.from("FROM x\n") },
      { name, bytes: Buffer.from("x") },
    );
    await expectRefused(upload(files), code);
  });

  it("loose files of which there are too many", async () => {
    const files = Array.from({ length: 60 }, (_, i) => ({ name: `f${i}`, bytes: Buffer.from("x") }));
    await expectRefused(upload(filesOf(...files)), "too-many-entries");
  });

  it("loose files that are too large together, though each is small", async () => {
    const files = Array.from({ length: 5 }, (_, i) => ({ name: `f${i}`, bytes: random(45_000) }));
    await expectRefused(upload(filesOf(...files)), "too-large-packed");
  });

  it("cut off half way, after all of its first file or within one", async () => {
    const zip = await zipOf({ Dockerfile: "FROM busybox\n" });
    const half = Readable.from(
      (async function* () {
        yield zip.subarray(0, 50);
        throw new Error("socket hang up");
      })(),
    );
    const message = await expectRefused(upload(filesOfStream("work.zip", half)), "upload-cut-off");
    expect(message).toContain('"work.zip" broke off after 50 bytes');
    const betweenFiles = async function* () {
      yield* filesOf({ name: "Dockerfile", bytes: Buffer.from("FROM x\n") });
      throw new Error("Unexpected end of form");
    };
    await expectRefused(upload(betweenFiles()), "upload-cut-off");
  });

  it("endless: reading stops at the limit", async () => {
    let given = 0;
    const endless = Readable.from(
      (async function* () {
        for (;;) {
          given += 64_000;
          yield Buffer.alloc(64_000, 1);
        }
      })(),
    );
    await expectRefused(upload(filesOfStream("work.zip", endless)), "too-large-packed");
    expect(given).toBeLessThan(20 * 64_000);
  });

  it("late, without a byte of it being read", async () => {
    const files = mustNotBeRead();
    const message = await expectRefused(
      upload(files, { firstByteAt: new Date("2024-11-15T12:00:00Z") }),
      "deadline-passed",
    );
    expect(message).toContain("Thu, Nov 14, 2024, end of day (AoE)");
  });

  it("headers and one byte before the deadline, the rest minutes after it", async () => {
    const zip = await zipOf({ Dockerfile: "FROM busybox\n" });
    const slow = {
      firstByteAt: new Date("2024-11-15T11:59:59Z"),
      lastByteAt: () => new Date("2024-11-15T12:04:50Z"),
    };
    const message = await expectRefused(
      upload(filesOf({ name: "work.zip", bytes: zip }), slow),
      "deadline-passed",
    );
    expect(message).toContain("this one counts, sent so slowly, as received");
  });
});

describe("what the sender may not know of", () => {
  const everything = async () => ({
    refusals: await database.db.uploadRefusal.count(),
    submissions: await database.db.submission.count(),
    audit: await database.db.auditEntry.count(),
    files: await fixture.storedFiles(),
  });

  it("an exercise of another course is answered as none, unread, and nothing is written", async () => {
    const before = await everything();
    const wrong = upload(mustNotBeRead(), { exerciseId: otherCourse.exerciseId });
    await expect(submitWork(fixture.ports, wrong)).rejects.toMatchObject({ code: "exercise-not-found" });
    expect(await everything()).toEqual(before);
  });

  it("an exercise that is not released is none for a student, and closed for staff", async () => {
    const hidden = await seedCourse(database.db, {
      courseSlug: "later-f2024",
      releasedAt: new Date("2024-11-14T20:00:01Z"),
    });
    const { studentId, instructorId, exerciseId } = hidden;
    const before = await everything();
    await expect(
      submitWork(fixture.ports, upload(mustNotBeRead(), { userId: studentId, exerciseId })),
    ).rejects.toMatchObject({ code: "exercise-not-found" });
    expect(await everything()).toEqual(before);
    const staff = upload(mustNotBeRead(), { userId: instructorId, exerciseId });
    expect(await submitWork(fixture.ports, staff)).toMatchObject({ code: "not-released" });
  });
});

async function* mustNotBeRead(): SubmitInput["files"] {
  yield {
    name: "work.zip",
    stream: new Readable({
      read() {
        throw new Error("read");
      },
    }),
  };
}
