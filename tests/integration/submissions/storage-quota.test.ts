import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SubmitPorts } from "#grading/submissions/ports.ts";
import { submitWork } from "#grading/submissions/submit-work.ts";
import { createUploadsUnderWay } from "#grading/submissions/uploads-under-way.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { type SeededCourse, seedCourse, seedUser } from "#tests/support/seed.ts";
import {
  filesOf,
  filesOfStream,
  type SubmitFixture,
  startSubmitFixture,
  submitInput,
  zipOf,
} from "#tests/support/submit.ts";

const now = new Date("2024-11-14T20:00:00Z");

let database: TestDatabase;
let course: SeededCourse;
let fixture: SubmitFixture;
let zip: Buffer;
let logged: unknown[];

beforeEach(async () => {
  database = await startTestDatabase();
  course = await seedCourse(database.db);
  zip = await zipOf({ Dockerfile: "FROM busybox\n" });
  logged = [];
});
afterEach(async () => {
  await fixture.close();
  await database.close();
});

/** In uploads of the small zip. */
async function quotas({ person, course: all }: { person: number; course: number }) {
  const bytes = zip.length;
  fixture = await startSubmitFixture(database, now, {
    personBytes: person * bytes,
    courseBytes: all * bytes,
  });
}
const submit = (fields: Partial<Parameters<typeof submitInput>[0]> = {}, ports: Partial<SubmitPorts> = {}) =>
  submitWork(
    {
      ...fixture.portsWithQueue(
        async () => undefined,
        (entry) => logged.push(entry),
      ),
      ...ports,
    },
    submitInput({
      userId: course.studentId,
      exerciseId: course.exerciseId,
      files: filesOf({ name: "work.zip", bytes: zip }),
      receivedAt: now,
      ...fields,
    }),
  );
/** By code: the clock stands still, and ids of one instant come in any order. */
const notices = () => database.db.notice.findMany({ orderBy: { code: "desc" } });
/** Fails when anybody reads it. */
const unread = () => {
  const stream = new Readable({ read: () => stream.destroy(new Error("It was read.")) });
  return stream;
};

describe("one student cannot fill the disk", () => {
  it("by one upload after the other: what has no room is refused with the rule, what is used and what to do", async () => {
    await quotas({ person: 2, course: 100 });
    expect((await submit()).outcome).toBe("accepted");
    expect((await submit()).outcome).toBe("accepted");
    expect(await submit()).toMatchObject({
      outcome: "refused",
      code: "person-storage-full",
      message: expect.stringMatching(
        /^Of your submissions to this course \d+ bytes of \d+ bytes are stored, .*leave out .*ask the staff/,
      ),
    });
    expect((await submit({ userId: course.otherStudentId })).outcome).toBe("accepted");
    expect(await fixture.storedFiles()).toHaveLength(3);
    expect(await notices()).toEqual([]);
  });

  it("by a hundred uploads at once, each of which found room when it began", async () => {
    await quotas({ person: 3, course: 1000 });
    // What is under way is counted by each process for itself.
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, () => submit({}, { uploads: createUploadsUnderWay() })),
    );
    expect(outcomes.filter((one) => one.outcome === "accepted")).toHaveLength(3);
    expect(await fixture.storedFiles()).toHaveLength(3);
    expect(await database.db.storageUse.findMany()).toMatchObject([{ bytes: BigInt(3 * zip.length) }]);
  });

  it("by two uploads at once: what the other brings counts as it comes", async () => {
    await quotas({ person: 1.5, course: 1000 });
    const outcomes = await Promise.all([submit(), submit()]);
    expect(outcomes.filter((one) => one.outcome === "accepted")).toHaveLength(1);
    expect(outcomes.filter((one) => one.outcome === "refused")).toMatchObject([
      { code: "person-storage-full" },
    ]);
  });

  it("by an upload whose size is announced: it is refused before a byte of it is read", async () => {
    await quotas({ person: 2, course: 100 });
    const files = filesOfStream("work.zip", unread());
    const refused = await submit({ files, announcedBytes: 3 * zip.length + 64 * 1024 });
    expect(refused).toMatchObject({ outcome: "refused", code: "person-storage-full" });
    expect(await database.db.uploadRefusal.findMany()).toMatchObject([{ bytes: 0n }]);
  });

  it("by an upload of unknown size: it is refused at the first byte too much", async () => {
    await quotas({ person: 2, course: 100 });
    let sent = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          sent += 1;
          yield zip;
        }
      })(),
      { highWaterMark: 1 },
    );
    const refused = await submit({ files: filesOfStream("work.zip", endless) });
    expect(refused).toMatchObject({ outcome: "refused", code: "person-storage-full" });
    expect(sent).toBeLessThan(100);
    expect(await fixture.storedFiles()).toEqual([]);
  });
});

describe("a course", () => {
  it("that is full takes nothing more, and its staff were told at 80 % and at the end", async () => {
    await quotas({ person: 100, course: 5 });
    for (let i = 0; i < 3; i++) await submit();
    expect(await notices()).toEqual([]);
    await submit();
    const subject = `course:${course.courseId}`;
    const nearly = { code: "storage.nearly_full", subject, courseId: course.courseId, count: 1 };
    expect(await notices()).toMatchObject([nearly]);
    await submit({ userId: course.otherStudentId });
    for (let i = 0; i < 2; i++) {
      expect(await submit()).toMatchObject({ outcome: "refused", code: "course-storage-full" });
    }
    expect(await notices()).toMatchObject([
      nearly,
      { code: "storage.full", subject, count: 1, closedAt: null },
    ]);
    expect(logged).toMatchObject([{ code: "storage.nearly_full" }, { code: "storage.full" }]);
  });

  it("that is full is told once a day, however often a student tries, and at once where the notice was closed", async () => {
    await quotas({ person: 100, course: 1 });
    await submit();
    logged.length = 0;
    for (let i = 0; i < 10; i++) await submit();
    expect(logged).toMatchObject([{ code: "storage.full", count: 1 }]);
    const full = { where: { code: "storage.full" } };
    await database.db.notice.updateMany({ ...full, data: { closedAt: new Date("2100-01-01") } });
    for (let i = 0; i < 2; i++) await submit();
    expect(logged).toHaveLength(2);
    const longAgo = new Date("2020-01-01");
    await database.db.notice.updateMany({
      where: { ...full.where, closedAt: null },
      data: { firstSeen: longAgo, lastSeen: longAgo },
    });
    for (let i = 0; i < 2; i++) await submit();
    expect(logged).toMatchObject([{ count: 1 }, { count: 1 }, { count: 2 }]);
  });

  it("whose limit was raised takes uploads again, and what staff were told is over", async () => {
    await quotas({ person: 100, course: 1 });
    await submit();
    await submit();
    expect(await database.db.notice.count({ where: { closedAt: null } })).toBe(2);
    await fixture.close();
    await quotas({ person: 100, course: 100 });
    expect((await submit()).outcome).toBe("accepted");
    expect(await database.db.notice.count({ where: { closedAt: null } })).toBe(0);
  });

  it("takes no more than it has room for from a class that uploads at once", async () => {
    await quotas({ person: 1, course: 3 });
    const { db } = database;
    const sectionId = course.sectionIds.graduate;
    const students = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        seedUser(db, { ...course, name: `S${i}`, role: "student", sectionId }),
      ),
    );
    // Opened beforehand, so that they are really at once.
    await Promise.all(students.map(() => db.$executeRaw`SELECT pg_sleep(0.1)`));
    const outcomes = await Promise.all(students.map((userId) => submit({ userId })));
    expect(outcomes.filter(({ outcome }) => outcome === "accepted")).toHaveLength(3);
    const { _sum } = await db.storageUse.aggregate({ _sum: { bytes: true } });
    expect(Number(_sum.bytes)).toBe(3 * zip.length);
    expect(await db.submission.count()).toBe(3);
  });

  it("is not filled by what is stored of another", async () => {
    const other = await seedCourse(database.db, { courseSlug: "other" });
    const { courseId, courseSlug, sectionIds } = other;
    const userId = await seedUser(database.db, {
      ...{ name: "Nora Neighbour", courseId, courseSlug, role: "student" },
      sectionId: sectionIds.graduate,
    });
    await quotas({ person: 1, course: 1 });
    expect((await submit()).outcome).toBe("accepted");
    expect((await submit({ userId, exerciseId: other.exerciseId })).outcome).toBe("accepted");
  });
});

describe("staff's page cannot be flooded", () => {
  it("by refusals: what one person has refused by one rule within an hour is one row with its number", async () => {
    await quotas({ person: 100, course: 100 });
    const empty = (receivedAt: Date) => submit({ files: filesOf(), receivedAt });
    const first = await empty(now);
    for (let i = 1; i < 50; i++) await empty(new Date(now.getTime() + i * 1000));
    const rows = () => database.db.uploadRefusal.findMany({ orderBy: { receivedAt: "asc" } });
    expect(await rows()).toMatchObject([
      {
        id: first.outcome === "refused" ? first.refusalId : "",
        count: 50,
        receivedAt: new Date(now.getTime() + 49_000),
      },
    ]);
    await empty(new Date(now.getTime() + 3_600_000));
    await submit({ files: filesOf({ name: "work.zip", bytes: Buffer.from("no zip") }) });
    await submit({ files: filesOf(), userId: course.otherStudentId });
    expect((await rows()).map(({ count }) => count).sort()).toEqual([1, 1, 1, 50]);
    // Two of a person are taken at once.
    for (let i = 0; i < 15; i++) await Promise.all([empty(now), empty(now)]);
    expect((await rows()).map(({ count }) => count).sort()).toEqual([1, 1, 1, 80]);
  });
});
