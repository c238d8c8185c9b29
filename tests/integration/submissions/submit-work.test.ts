import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verifyReceipt } from "#course/receipts/verify-receipt.ts";
import { SentTooSlowly } from "#grading/submissions/sending-pace.ts";
import type { SubmitInput } from "#grading/submissions/submission-types.ts";
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
  zipOf,
} from "#tests/support/submit.ts";

const now = new Date("2024-11-14T20:00:00Z");

let database: TestDatabase;
let course: SeededCourse;
let fixture: SubmitFixture;
let zip: Buffer;

beforeEach(async () => {
  database = await startTestDatabase();
  course = await seedCourse(database.db);
  fixture = await startSubmitFixture(database, now);
  zip = await zipOf({ Dockerfile: "FROM busybox\n", "src/app.py": "print(1)\n" });
});
afterEach(async () => {
  await fixture.close();
  await database.close();
});

const work = (fields: Partial<Parameters<typeof submitInput>[0]> = {}) =>
  submitInput({
    userId: course.studentId,
    exerciseId: course.exerciseId,
    files: filesOf({ name: "work.zip", bytes: zip }),
    receivedAt: now,
    ...fields,
  });

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

async function accepted(input: SubmitInput) {
  const outcome = await submitWork(fixture.ports, input);
  if (outcome.outcome !== "accepted") throw new Error(JSON.stringify(outcome));
  return outcome;
}

async function refused(input: SubmitInput) {
  const outcome = await submitWork(fixture.ports, input);
  if (outcome.outcome !== "refused") throw new Error(JSON.stringify(outcome));
  return outcome;
}

describe("an accepted submission", () => {
  it("is stored byte for byte under its hash, with one queued run that counts and its first event", async () => {
    const outcome = await submitWork(fixture.ports, work());
    if (outcome.outcome !== "accepted") throw new Error(JSON.stringify(outcome));
    const row = await database.db.submission.findUniqueOrThrow({
      where: { id: outcome.submissionId },
      include: { runs: { include: { events: true } } },
    });
    expect(row.sha256).toBe(sha256(zip));
    expect(Number(row.bytes)).toBe(zip.length);
    expect(row.files).toEqual([
      { path: "Dockerfile", bytes: 13 },
      { path: "src/app.py", bytes: 9 },
    ]);
    expect(row.number).toBe(1);
    expect(row.late).toBe(false);
    expect(row.runs).toHaveLength(1);
    expect(row.runs[0]).toMatchObject({ state: "queued", counts: true, attempt: 1 });
    expect(row.runs[0]?.events).toMatchObject([{ type: "state", payload: { state: "queued" } }]);
    expect(fixture.queued).toEqual([outcome.runId]);
    expect(await fixture.storedFiles()).toEqual([`submissions/${outcome.submissionId}`]);
  });

  it("has a receipt that anyone can check, for the bytes, the first byte's time and the deadline", async () => {
    const outcome = await accepted(work());
    const checked = await verifyReceipt(outcome.receipt.jws, fixture.jwks, sha256(zip));
    expect(checked).toMatchObject({
      outcome: "valid",
      claims: {
        sub: outcome.submissionId,
        sha256: sha256(zip),
        bytes: zip.length,
        fileName: "work.zip",
        exercise: "tcss562-f2024/tutorial-7/docker-containers",
        receivedAt: now.toISOString(),
        dueAt: "2024-11-15T12:00:00.000Z",
        late: false,
      },
    });
  });

  it("may be loose files: the same files in any order are the same bytes", async () => {
    const files = [
      { name: "Dockerfile", bytes: Buffer.from("FROM busybox\n") },
      { name: "src/app.py", bytes: Buffer.from("print(1)\n") },
    ];
    const first = await accepted(work({ files: filesOf(...files) }));
    const second = await accepted(work({ files: filesOf(...files.toReversed()) }));
    expect(second.receipt.sha256).toBe(first.receipt.sha256);
    const row = await database.db.submission.findUniqueOrThrow({ where: { id: first.submissionId } });
    expect(row.fileName).toBe("submission.tar");
    expect(row.files).toEqual([
      { path: "Dockerfile", bytes: 13 },
      { path: "src/app.py", bytes: 9 },
    ]);
    const ids = [first.submissionId, second.submissionId].map((id) => `submissions/${id}`);
    expect(await fixture.storedFiles()).toEqual(ids.sort());
  });

  it("may be the one required file alone, and a tar that was made elsewhere", async () => {
    const alone = await accepted(
      work({ files: filesOf({ name: "Dockerfile", bytes: Buffer.from("FROM x\n") }) }),
    );
    const row = await database.db.submission.findUniqueOrThrow({ where: { id: alone.submissionId } });
    expect(row.files).toEqual([{ path: "Dockerfile", bytes: 7 }]);
    const tar = await tarOf([{ name: "Dockerfile", text: "FROM x\n" }]);
    await accepted(work({ files: filesOf({ name: "work.tar", bytes: tar }) }));
  });

  it("keeps a hostile file name as plain text that leads nowhere", async () => {
    const outcome = await accepted(
      work({ files: filesOf({ name: "../../etc/\u001b[31mwork\u0000.zip", bytes: zip }) }),
    );
    const row = await database.db.submission.findUniqueOrThrow({ where: { id: outcome.submissionId } });
    expect(row.fileName).toBe("_[31mwork_.zip");
    expect(row.storageKey).toBe(`submissions/${outcome.submissionId}`);
  });
});

describe("a repeated request", () => {
  it("with the same key makes one submission, also after the deadline", async () => {
    const first = await accepted(work({ idempotencyKey: "k1" }));
    const after = new Date("2024-11-20T00:00:00Z");
    const again = await submitWork(fixture.ports, work({ idempotencyKey: "k1", receivedAt: after }));
    expect(again).toEqual({ ...first, outcome: "repeated" });
    expect(await database.db.submission.count()).toBe(1);
    expect(fixture.queued).toHaveLength(1);
  });

  it("at the same moment makes one submission, and the other's bytes are gone", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () => submitWork(fixture.ports, work({ idempotencyKey: "k2" }))),
    );
    expect(outcomes.filter(({ outcome }) => outcome === "accepted")).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === "repeated")).toHaveLength(5);
    const [row, ...others] = await database.db.submission.findMany({ include: { runs: true } });
    expect(others).toEqual([]);
    expect(row?.runs).toHaveLength(1);
    expect(await fixture.storedFiles()).toEqual([`submissions/${row?.id}`]);
  });

  it("with another student's key, or a key refused before, is a submission of its own", async () => {
    await accepted(work({ idempotencyKey: "k3" }));
    const other = await accepted(work({ idempotencyKey: "k3", userId: course.otherStudentId }));
    expect(other.number).toBe(1);
    await refused(work({ idempotencyKey: "k4", files: filesOf() }));
    expect((await accepted(work({ idempotencyKey: "k4" }))).number).toBe(2);
  });

  it("with a key of another exercise is an error, not that submission", async () => {
    await accepted(work({ idempotencyKey: "k5" }));
    const other = await seedCourse(database.db, { courseSlug: "tcss599-f2024" });
    await database.db.enrollment.create({
      data: {
        id: "enr_x",
        courseId: other.courseId,
        userId: course.studentId,
        role: "student",
        sectionId: other.sectionIds.graduate,
      },
    });
    const reused = submitWork(fixture.ports, work({ idempotencyKey: "k5", exerciseId: other.exerciseId }));
    await expect(reused).rejects.toMatchObject({ code: "idempotency-key-reused" });
  });
});

describe("numbers", () => {
  it("are dense for each student and exercise, however many arrive at once", async () => {
    const numbers: number[] = [];
    // Two of a person are taken at once.
    for (let i = 0; i < 3; i++) {
      const ids = [course.studentId, course.otherStudentId, course.studentId, course.otherStudentId];
      const outcomes = await Promise.all(ids.map((userId) => accepted(work({ userId }))));
      numbers.push(...outcomes.map(({ number }) => number));
    }
    expect(numbers.sort((a, b) => a - b)).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
  });

  it("are not used up by refusals", async () => {
    await refused(work({ files: filesOf({ name: "work.zip", bytes: Buffer.from("no archive") }) }));
    expect((await accepted(work())).number).toBe(1);
  });
});

describe("the time of the first byte", () => {
  const dueAt = new Date("2024-11-15T12:00:00Z");

  it("decides, however long the upload takes", async () => {
    fixture.setNow(new Date("2024-11-16T00:00:00Z"));
    const outcome = await accepted(work({ receivedAt: new Date(dueAt.getTime() - 1) }));
    expect(outcome.receipt).toMatchObject({ late: false, dueAt });
  });

  it("at the deadline itself is too late, and the sentence says until when and in which zone", async () => {
    const outcome = await refused(work({ receivedAt: dueAt }));
    expect(outcome.code).toBe("deadline-passed");
    expect(outcome.message).toBe(
      '"Tutorial 7: Docker containers" took submissions until Thu, Nov 14, 2024, end of day (AoE), and this one arrived Fri, Nov 15, 2024, 12:00:00 AM AoE; ask the staff for an extension if you have a reason.',
    );
  });

  it("in an extension or in grace is on time, in the late period is late", async () => {
    await database.db.extension.create({
      data: {
        id: "ext_1",
        assignmentId: course.assignmentId,
        userId: course.studentId,
        dueAt: new Date("2024-11-17T12:00:00Z"),
        reason: "ill",
        grantedById: course.instructorId,
      },
    });
    const extended = await accepted(work({ receivedAt: new Date("2024-11-16T00:00:00Z") }));
    expect(extended.receipt).toMatchObject({ late: false, dueAt: new Date("2024-11-17T12:00:00Z") });
    expect((await refused(work({ receivedAt: dueAt, userId: course.otherStudentId }))).code).toBe(
      "deadline-passed",
    );
    await database.db.assignment.update({
      where: { id: course.assignmentId },
      data: {
        graceSeconds: 60,
        latePolicy: { kind: "accept" },
        availableUntil: new Date("2024-11-16T12:00:00Z"),
      },
    });
    const other = { userId: course.otherStudentId };
    const inGrace = await accepted(work({ ...other, receivedAt: new Date(dueAt.getTime() + 59_999) }));
    expect(inGrace.receipt.late).toBe(false);
    const late = await accepted(work({ ...other, receivedAt: new Date(dueAt.getTime() + 60_000) }));
    expect(late.receipt.late).toBe(true);
  });

  it("in the grace that staff set is on time, and after it is not, whatever grace the file gives", async () => {
    await database.db.assignment.update({
      where: { id: course.assignmentId },
      data: { graceSeconds: 3600, staffGraceSeconds: 60 },
    });
    const inGrace = await accepted(work({ receivedAt: new Date(dueAt.getTime() + 59_999) }));
    expect(inGrace.receipt.late).toBe(false);
    const after = await refused(work({ receivedAt: new Date(dueAt.getTime() + 60_000) }));
    expect(after.code).toBe("deadline-passed");
  });

  it("that came too slowly counts as received later, and its receipt says when it came", async () => {
    await database.db.assignment.update({
      where: { id: course.assignmentId },
      data: { latePolicy: { kind: "accept" }, availableUntil: new Date("2024-11-16T12:00:00Z") },
    });
    const firstByteAt = new Date(dueAt.getTime() - 1000);
    const sent = async (ms: number) => {
      const outcome = await accepted({
        ...work(),
        firstByteAt,
        lastByteAt: () => new Date(firstByteAt.getTime() + ms),
      });
      const verified = await verifyReceipt(outcome.receipt.jws, fixture.jwks);
      if (verified.outcome !== "valid") throw new Error(verified.message);
      return verified.claims;
    };
    expect(await sent(60_000)).toMatchObject({ late: false, receivedAt: firstByteAt.toISOString() });
    const slow = await sent(300_000);
    expect(slow).toMatchObject({
      late: true,
      firstByteAt: firstByteAt.toISOString(),
      lastByteAt: new Date(firstByteAt.getTime() + 300_000).toISOString(),
    });
    expect(new Date(slow.receivedAt).getTime()).toBeGreaterThan(dueAt.getTime() + 200_000);
  });

  it("before the release is no exercise for a student", async () => {
    await database.db.assignment.update({
      where: { id: course.assignmentId },
      data: { releasedAt: new Date("2024-11-14T20:00:01Z") },
    });
    await expect(submitWork(fixture.ports, work())).rejects.toMatchObject({ code: "exercise-not-found" });
  });
});

describe("when something of ours fails", () => {
  it("a queue that is away costs nothing: the run waits in the database", async () => {
    const errors: unknown[] = [];
    const ports = fixture.portsWithQueue(
      async () => {
        throw new Error("no queue");
      },
      (entry) => errors.push(entry),
    );
    const outcome = await submitWork(ports, work());
    expect(outcome.outcome).toBe("accepted");
    expect(errors).toMatchObject([{ runId: outcome.outcome === "accepted" && outcome.runId }]);
    expect(await database.db.run.count({ where: { state: "queued" } })).toBe(1);
  });

  it("slow upload: one that is given up is a refusal that staff see, with how much had come", async () => {
    const slow = new Readable({
      read() {
        this.push(zip.subarray(0, 20));
        this.destroy(new SentTooSlowly("given up"));
      },
    });
    const outcome = await refused(work({ files: filesOfStream("work.zip", slow) }));
    expect(outcome.code).toBe("upload-too-slow");
    expect(outcome.message).toMatch(
      /^"work\.zip" was given up after .*: an upload must be sent within 30 minutes, with no pause of 60 seconds; /,
    );
    expect(await database.db.uploadRefusal.findMany()).toMatchObject([
      { code: "upload-too-slow", userId: course.studentId, fileName: "work.zip" },
    ]);
    // Its place is free again.
    await accepted(work());
    await accepted(work());
  });

  it("an error of the sender's stream is a refusal, and an unknown exercise an error", async () => {
    const broken = new Readable({
      read() {
        this.push(zip.subarray(0, 20));
        this.destroy(new Error("aborted"));
      },
    });
    const outcome = await refused(work({ files: filesOfStream("work.zip", broken) }));
    expect(outcome.code).toBe("upload-cut-off");
    await expect(submitWork(fixture.ports, work({ exerciseId: "exc_none" }))).rejects.toMatchObject({
      code: "exercise-not-found",
    });
    expect(await fixture.storedFiles()).toEqual([]);
  });
});
