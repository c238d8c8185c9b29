import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { newId } from "#course/ids.ts";
import { moveRun } from "#grading/runs/move-run.ts";
import { storedEvent } from "#grading/runs/results/stored-results.ts";
import type { RunSignal } from "#grading/runs/run-state.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { fleetTransaction } from "#infra/db/runs/fleet-transaction.ts";
import { addStudentAndTa, call, type Person } from "#tests/e2e/support/people.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type SeededCourse, seedCourse, seededAt, seedSubmission } from "#tests/support/seed.ts";

let web: TestWeb;
let db: Db;
let course: SeededCourse;
let student: Person;
let ta: Person;
let number = 0;
let submissionId: string;
let runId: string;

beforeAll(async () => {
  web = await startWeb();
  db = web.database.db;
  course = await seedCourse(db, { dueAt: null });
  const names = { student: "Rhea Reader", ta: "Theo Ta" };
  ({ student, ta } = await addStudentAndTa(web, course.courseSlug, names));
});
afterAll(() => web?.stop());
beforeEach(async () => {
  number += 1;
  ({ submissionId, runId } = await seedSubmission(db, course, { userId: student.userId, number }));
});

const later = (seconds: number) => new Date(seededAt.getTime() + seconds * 1000);
const move = (id: string, signal: RunSignal) =>
  db.$transaction((tx) =>
    moveRun(fleetTransaction({ tx, now: later(5), after: new Set(), told: [] }), id, signal),
  );
const failThreeTimes = async (id: string) => {
  for (const attempt of [1, 2, 3]) {
    await move(id, { type: "claim", attempt });
    await move(id, { type: "platform-fault", attempt, reason: "The machine was interrupted." });
  }
};
const ask = async (id: string, what: "rerun" | "cancel", person: Person): Promise<string> => {
  const answer = await call(web, person, `/api/runs/${id}/${what}`, { method: "POST" });
  expect([what, answer.status]).toEqual([what, what === "rerun" ? 201 : 200]);
  return ((await answer.json()) as { run: { id: string } }).run.id;
};
const page = async (person: Person, path: string) => {
  const answer = await call(web, null, path, { headers: { cookie: person.cookie } });
  expect([path, answer.status]).toEqual([path, 200]);
  return (await answer.text()).replaceAll(/<(script|style)\b.*?<\/\1>/gs, "").replaceAll(/<!--.*?-->/g, "");
};
/** What a reader sees, without tags. */
const seen = async (person: Person, path: string) =>
  (await page(person, path))
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/\s+/g, " ")
    .replaceAll("&#x27;", "'");
/** A second result of the submission, which counts. */
const seedSecond = async (first: { score: number }, second: { score: number }) => {
  const id = newId("run", later(20));
  const graded = { state: "graded" as const, maxScore: 20 };
  await db.$transaction([
    db.run.update({
      where: { id: runId },
      data: { ...graded, ...first, finishedAt: later(9), counts: false },
    }),
    db.run.create({
      data: {
        ...{ id, submissionId, exerciseVersionId: course.exerciseVersionId, queuedAt: later(20) },
        ...{ ...graded, ...second, finishedAt: later(69) },
      },
    }),
  ]);
  return id;
};

describe("a run that could not be graded", () => {
  test("tells its student how often it was tried, whose fault it was, and what to do, and staff were told", async () => {
    await failThreeTimes(runId);
    for (const path of [`/runs/${runId}`, `/submissions/${submissionId}`]) {
      const text = await seen(student, path);
      expect(text, path).toContain("3 tries to grade this failed, each by a fault of Drydock's own.");
      expect(text, path).toContain("The machine was interrupted.");
      expect(text, path).toContain("not your fault and costs you nothing");
      expect(text, path).toContain("Staff have been told.");
      expect(text, path).toContain("Run it again now, or wait until staff have looked at it.");
      expect(await page(student, path), path).toContain(`action="/api/runs/${runId}/rerun"`);
    }
    const notice = { code: "run.not_gradable", subject: `exercise:${course.exerciseId}`, closedAt: null };
    expect(await db.notice.count({ where: notice })).toBe(1);
    const home = await page(student, "/");
    expect(home).toContain(`href="/submissions/${submissionId}"`);
    expect(home).toContain("Why, and run again");
  });

  test("by a fault of its exercise is not said to have been tried three times", async () => {
    await move(runId, { type: "exercise-fault", attempt: 1, reason: "A file of the exercise is missing." });
    const text = await seen(student, `/runs/${runId}`);
    expect(text).toContain(
      "A file of the exercise is missing. That costs you nothing. Staff have been told.",
    );
    expect(text).not.toContain("tries to grade");
    expect(await seen(ta, `/runs/${runId}/staff`)).not.toContain("costs you");
  });
});

describe("a run that staff cancelled", () => {
  test("says that only staff may run it again, and to submit again", async () => {
    await ask(runId, "cancel", ta);
    for (const path of [`/runs/${runId}`, `/submissions/${submissionId}`]) {
      expect(await seen(student, path), path).toMatch(
        /Cancelled by staff\..*only they may have it run again: ask the staff of your course, or submit again/,
      );
    }
  });

  test("after its student had asked for it explains why neither run can be run again", async () => {
    await failThreeTimes(runId);
    const again = await ask(runId, "rerun", student);
    expect(await seen(student, `/runs/${runId}`)).toMatch(/Run 2|run 2/);
    await ask(again, "cancel", ta);
    for (const id of [runId, again]) {
      expect(await seen(student, `/runs/${id}`)).toContain("so only they may have it run again");
      expect(await page(student, `/runs/${id}`)).not.toContain("/rerun");
    }
    expect(await seen(student, `/runs/${runId}`)).toMatch(
      /has no result and does not count\. run 2 took its place: it was cancelled and has no result/,
    );
    const refused = await call(web, student, `/api/runs/${again}/rerun`, { method: "POST" });
    expect(refused.status).toBe(403);
  });

  test("keeps what its machine had told of its checks", async () => {
    await db.run.update({
      where: { id: runId },
      data: { state: "running", claimedAt: later(1), runningAt: later(2) },
    });
    await db.runEvent.create({
      data: {
        ...{ runId, attempt: 1, seq: 1, type: "check-finished", at: later(3) },
        payload: storedEvent.write({
          ...{ type: "check-finished", check: "files", title: "All files are handed in" },
          ...{ verdict: "passed", points: 5, maxPoints: 5, durationMs: 10 },
        }),
      },
    });
    await ask(runId, "cancel", ta);
    const view = (await (await call(web, student, `/api/runs/${runId}`)).json()) as RunView;
    expect(view.checks.map(({ verdict }) => verdict)).toEqual(["passed", "not_graded"]);
    expect(await seen(student, `/runs/${runId}`)).toMatch(/no score 1 of 2 checks had passed/);
  });
});

test("a student's run that is being graded again offers its staff no submission of their own", async () => {
  await db.run.update({
    where: { id: runId },
    data: { state: "graded", score: 3, maxScore: 20, finishedAt: later(9) },
  });
  await ask(runId, "rerun", ta);
  expect(await seen(student, `/runs/${runId}`)).toContain("Submit again");
  expect(await seen(ta, `/runs/${runId}/staff`)).not.toContain("Submit again");
});

test("two results with the same score are told apart by number and time, also in the audit", async () => {
  const second = await seedSecond({ score: 12 }, { score: 12 });
  expect(await seen(ta, `/runs/${runId}/staff`)).toMatch(
    /run 2, with 12 \/ 20, ended Tue, Nov 12, 2024, 10:01:09 AM PST , counts\. Let this one, run 1, with 12 \/ 20, ended Tue, Nov 12, 2024, 10:00:09 AM PST/,
  );
  await db.auditEntry.create({
    data: {
      ...{ id: newId("aud", later(80)), at: later(80), userId: ta.userId, action: "run.make-count" },
      ...{ subject: `submission:${submissionId}`, reason: "The first machine was slow." },
      before: { run: runId, state: "graded", score: "12" },
      after: { run: second, state: "graded", score: "12" },
    },
  });
  expect(await seen(ta, `/runs/${runId}/staff`)).toContain(
    "Let run 2 (12 points) count in place of run 1 (12 points) by Theo Ta: The first machine was slow.",
  );
});

test("the run's page and the staff's list name the same cost: of all machines of the run", async () => {
  for (const [attempt, costUsd] of [
    [1, 0.0005],
    [2, 0.0003],
  ] as const) {
    await db.machine.create({
      data: {
        ...{ id: newId("mch", later(attempt)), provider: "docker", machineKind: "engine", runId },
        ...{ runAttempt: attempt, state: "terminated" as const, instanceId: `m-${number}-${attempt}` },
        ...{ leaseUntil: later(900), requestedAt: later(1), bootingAt: later(1), terminatedAt: later(61) },
        ...{ usdPerHour: 0.036, costUsd },
      },
    });
  }
  await db.run.update({
    where: { id: runId },
    data: { state: "graded", attempt: 2, score: 12, maxScore: 20, finishedAt: later(61) },
  });
  expect(await seen(student, `/runs/${runId}`)).toContain("$0.0008");
  expect(await seen(ta, `/courses/${course.courseSlug}/submissions/all`)).toContain("$0.0008");
});

describe("small words that were wrong", () => {
  test("the staff-only output of a run that ended without any is not said to be still to come", async () => {
    await failThreeTimes(runId);
    const text = await seen(ta, `/runs/${runId}/staff`);
    expect(text).toContain("No check wrote any.");
    expect(text).not.toContain("as soon as the run's result is in");
  });

  test("a check that wrote blank lines alone has no box", async () => {
    await db.checkResult.create({
      data: {
        ...{ id: newId("chk", seededAt), runId, attempt: 1, position: 0, checkId: "files" },
        ...{ kind: "files/required", title: "All files", verdict: "passed", points: 5, maxPoints: 5 },
        ...{ message: { expected: "e", happened: "h", fix: "f" }, staffOutput: "\n \n" },
      },
    });
    expect(await seen(ta, `/runs/${runId}/staff`)).toContain("No check wrote any.");
  });

  test("a receipt names a deadline by its day and its very instant, as every other page does", async () => {
    await db.$executeRaw`ALTER TABLE submission DISABLE TRIGGER submission_immutable`;
    await db.submission.update({
      where: { id: submissionId },
      data: { dueAt: new Date("2024-11-15T12:00:00Z") },
    });
    await db.$executeRaw`ALTER TABLE submission ENABLE TRIGGER submission_immutable`;
    const text = await seen(student, `/runs/${runId}`);
    expect(text).toContain("Thu, Nov 14, 2024, end of day (AoE)");
    expect(text).toContain("Fri, Nov 15, 2024, 4:00:00 AM PST");
    expect(text).not.toContain("3:59:59 AM");
  });

  test("the limits name the storage", async () => {
    const path = `/courses/${course.courseSlug}/assignments/tutorial-7/docker-containers`;
    expect(await seen(student, path)).toMatch(/Storage at most \d.*B of your submissions to this course/);
  });

  test("a request that is not understood is answered in whole sentences", async () => {
    const answer = await call(web, student, "/api/submissions", { method: "POST" });
    const { error } = (await answer.json()) as { error: { message: string } };
    expect(error.message).toMatch(/^The request is not understood\. In “exercise”: Say .*\.$/);
  });
});
