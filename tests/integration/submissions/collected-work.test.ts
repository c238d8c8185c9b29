import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findExercisePage } from "#app/_server/queries/course/exercise-page.ts";
import { listHistory } from "#app/_server/queries/submission/history.ts";
import { findSubmissionPage } from "#app/_server/queries/submission/submission-page.ts";
import type { Services } from "#app/_server/services.ts";
import { verifyReceipt } from "#course/receipts/verify-receipt.ts";
import { submitWork } from "#grading/submissions/submit-work.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { type SeededCourse, seedCourse } from "#tests/support/seed.ts";
import {
  filesOf,
  type SubmitFixture,
  startSubmitFixture,
  submitInput,
  tarOf,
  zipOf,
} from "#tests/support/submit.ts";

const now = new Date("2024-11-14T20:00:00Z");

let database: TestDatabase;
let fixture: SubmitFixture;
let course: SeededCourse;
let zip: Buffer;

beforeAll(async () => {
  database = await startTestDatabase();
  fixture = await startSubmitFixture(database, now);
  zip = await zipOf({ "src/main.go": "package main\n" });
});
afterAll(async () => {
  await fixture?.close();
  await database?.close();
});

let courses = 0;
/** The seeded exercise's place is taken by one that only collects. */
beforeEach(async () => {
  courses += 1;
  course = await seedCourse(database.db, { courseSlug: `course-${courses}` });
  await database.db.exerciseVersion.deleteMany({ where: { exerciseId: course.exerciseId } });
  await collect({ collectMegabytes: 1, collectFormats: ["tar.gz", "zip"] });
});

const collect = (data: { collectMegabytes: number; collectFormats: string[] }) =>
  database.db.exercise.update({ where: { id: course.exerciseId }, data });
const upload = (
  files: { name: string; bytes: Buffer }[],
  more: { receivedAt?: Date; idempotencyKey?: string } = {},
) =>
  submitWork(
    fixture.ports,
    submitInput({
      ...{ userId: course.studentId, exerciseId: course.exerciseId, receivedAt: now },
      ...{ files: filesOf(...files), ...more },
    }),
  );
const services = () =>
  ({ db: database.db, clock: () => now, config: { storage: { personBytes: 1 } } }) as unknown as Services;
const runs = () => database.db.run.count({ where: { submission: { exerciseId: course.exerciseId } } });

describe("work that is only collected", () => {
  it("is stored with number and receipt, and there is no run: not in the database, not in the queue", async () => {
    const first = await upload([{ name: "code.zip", bytes: zip }], { idempotencyKey: "k" });
    if (first.outcome !== "accepted") throw new Error(JSON.stringify(first));
    expect(first).toMatchObject({ number: 1, runId: null });
    expect(await verifyReceipt(first.receipt.jws, fixture.jwks)).toMatchObject({
      outcome: "valid",
      claims: { sub: first.submissionId, late: false },
    });
    const again = await upload([{ name: "code.zip", bytes: zip }], { idempotencyKey: "k" });
    expect(again).toMatchObject({ outcome: "repeated", submissionId: first.submissionId, runId: null });
    expect(await upload([{ name: "code.zip", bytes: zip }])).toMatchObject({ number: 2 });
    expect(await runs()).toBe(0);
    expect(fixture.queued).toEqual([]);
  });

  it("is shown as received, and the last one counts", async () => {
    for (let i = 0; i < 2; i += 1) await upload([{ name: "code.zip", bytes: zip }]);
    const { submissions } = await listHistory(services(), course.courseId, course.studentId);
    expect(submissions).toMatchObject([
      { number: 2, collected: true, counts: true, run: null, points: null, why: "Your last one." },
      { number: 1, collected: true, counts: false, run: null, why: "Submission 2 came later." },
    ]);
    const page = await findExercisePage(services(), course.exerciseId, {
      ...{ userId: course.studentId, zone: "UTC", courseZone: "UTC" },
    });
    // It is all that its assignment takes, so it is worth all of its points.
    expect(page).toMatchObject({ collected: true, spec: null, unreadable: false, share: 20 });
    expect(page.takes?.limits.packedBytes).toBe(1024 * 1024);
    const subject = {
      ...{ courseId: course.courseId, submissionId: submissions[0]?.submissionId ?? "" },
      ...{ ownerId: course.studentId, memberIds: [] },
    };
    const actor = {
      ...{ userId: course.studentId, name: "Sam", email: "sam@example.edu", timeZone: null },
      enrollments: [{ courseId: course.courseId, role: "student" as const }],
    };
    expect(await findSubmissionPage(services(), actor, subject)).toMatchObject({ collected: true, runs: [] });
  });

  it("is refused in another form, too large or too late, each in one sentence that says what to do", async () => {
    const tar = await tarOf([{ name: "main.go", text: "package main\n" }]);
    for (const [files, said] of [
      [[{ name: "code.tar", bytes: tar }], "code.tar"],
      [[{ name: "main.go", bytes: Buffer.from("package main\n") }], "main.go"],
      // A name is no proof.
      [[{ name: "code.zip", bytes: Buffer.from("no archive") }], "code.zip"],
      [["a.go", "b.go"].map((name) => ({ name, bytes: Buffer.from("x") })), "loose files"],
    ] as [{ name: string; bytes: Buffer }[], string][]) {
      const outcome = await upload(files);
      expect(outcome).toMatchObject({ outcome: "refused", code: "format-not-taken" });
      if (outcome.outcome !== "refused") continue;
      expect(outcome.message).toContain(said);
      expect(outcome.message).toMatch(
        /^This is handed in as one tar\.gz or zip, .*: pack your files into one.*\.$/,
      );
    }
    const large = await upload([{ name: "code.zip", bytes: Buffer.concat([zip, Buffer.alloc(2 ** 20)]) }]);
    expect(large).toMatchObject({ code: "too-large-packed" });
    const late = await upload([{ name: "code.zip", bytes: zip }], {
      receivedAt: new Date("2024-11-15T12:00:00Z"),
    });
    expect(late).toMatchObject({ code: "deadline-passed" });
    expect(await database.db.submission.count({ where: { exerciseId: course.exerciseId } })).toBe(0);
  });

  it("may be any files where no form is asked for, such as one PDF", async () => {
    await collect({ collectMegabytes: 1, collectFormats: [] });
    const outcome = await upload([{ name: "proposal.pdf", bytes: Buffer.from("%PDF-1.7\n") }]);
    if (outcome.outcome !== "accepted") throw new Error(JSON.stringify(outcome));
    const row = await database.db.submission.findUniqueOrThrow({ where: { id: outcome.submissionId } });
    expect(row.files).toEqual([{ path: "proposal.pdf", bytes: 9 }]);
  });
});
