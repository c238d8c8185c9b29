import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { newId } from "#course/ids.ts";
import type { Db } from "#infra/db/connection/client.ts";
import type { Prisma } from "#infra/db/generated/client.ts";
import { addPerson, addStudentAndTa, call, type Person } from "#tests/e2e/support/people.ts";
import { sendPlainForm } from "#tests/e2e/support/plain-form.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type SeededCourse, seedCourse, seededAt, seedSubmission } from "#tests/support/seed.ts";
import { zipOf } from "#tests/support/submit.ts";

let web: TestWeb;
let db: Db;
let course: SeededCourse;
let student: Person;
let ta: Person;
let number = 0;
let submissionId: string;
let firstId: string;

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
  const seeded = await seedSubmission(db, course, { userId: student.userId, number });
  submissionId = seeded.submissionId;
  firstId = seeded.runId;
});

const after = (seconds: number) => new Date(seededAt.getTime() + seconds * 1000);
const graded = (score: number) => ({
  ...{ state: "graded" as const, claimedAt: after(1), finishedAt: after(9), score, maxScore: 20 },
});
const notGradable = {
  state: "not_gradable" as const,
  finishedAt: after(9),
  reason: "The exercise is faulty.",
};
const setRun = (id: string, data: Prisma.RunUpdateInput) => db.run.update({ where: { id }, data });
/** The first run gives way to another of its submission, which counts. */
async function replaceFirst(first: Prisma.RunUpdateInput, data: Partial<Prisma.RunUncheckedCreateInput>) {
  const id = newId("run", after(20));
  const { exerciseVersionId } = course;
  await db.$transaction([
    db.run.update({ where: { id: firstId }, data: { ...first, counts: false } }),
    db.run.create({ data: { id, submissionId, exerciseVersionId, queuedAt: after(20), ...data } }),
  ]);
  return id;
}
const rerun = async (id: string, person: Person) => {
  const answer = await call(web, person, `/api/runs/${id}/rerun`, { method: "POST" });
  return { status: answer.status, body: await answer.json() };
};
const read = async (id: string) => (await (await call(web, student, `/api/runs/${id}`)).json()) as RunView;
/** What a reader sees, without tags. */
const seen = async (person: Person, path: string) => {
  const answer = await call(web, null, path, { headers: { cookie: person.cookie } });
  expect([path, answer.status]).toEqual([path, 200]);
  return (await answer.text())
    .replaceAll(/<(script|style)\b.*?<\/\1>/gs, "")
    .replaceAll(/<!--.*?-->/g, "")
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/\s+/g, " ");
};

describe("a student who throws dice for a graded result", () => {
  test("by the rerun of an old run that was not gradable is refused, and the grade stays", async () => {
    const result = await replaceFirst(notGradable, graded(3));
    expect((await rerun(result, student)).status).toBe(403);
    expect((await rerun(firstId, student)).status).toBe(403);
    expect((await read(result)).run).toMatchObject({ counts: true, score: 3 });
    expect(await db.run.count({ where: { submissionId } })).toBe(2);
  });

  test("may ask twice where nothing was graded; the page says so before, and the refusal after", async () => {
    await setRun(firstId, notGradable);
    expect(await seen(student, `/runs/${firstId}`)).toContain("run again 2 times");
    for (let asked = 1; asked <= 2; asked++) {
      const { status, body } = await rerun(firstId, student);
      expect(status).toBe(201);
      expect(await db.run.findUnique({ where: { id: body.run.id } })).toMatchObject({ counts: true });
      await setRun(body.run.id, notGradable);
      expect((await read(body.run.id)).standing.studentRerunsLeft).toBe(2 - asked);
    }
    const third = await rerun(firstId, student);
    expect(third).toMatchObject({ status: 409, body: { error: { code: "reruns-used-up" } } });
    expect(third.body.error.message).toMatch(/2 times.*Ask the staff/);
    expect(await seen(student, `/runs/${firstId}`)).toContain(third.body.error.message);
    expect((await rerun(firstId, ta)).status).toBe(201);
  });
});

test("a rerun under way is seen on every page beside the result, which counts until it is graded", async () => {
  await setRun(firstId, graded(12));
  const { status, body } = await rerun(firstId, ta);
  expect(status).toBe(201);
  const again: string = body.run.id;
  expect((await read(firstId)).standing).toMatchObject({
    counted: null,
    underWay: { id: again, state: "queued" },
  });
  expect((await read(again)).run.counts).toBe(false);
  expect((await read(again)).standing).toMatchObject({ counted: { id: firstId, score: 12 }, underWay: null });
  expect(await seen(student, `/runs/${firstId}`)).toContain("counts until that one is graded");
  expect(await seen(student, `/runs/${again}`)).toMatch(/does not count yet.*12.*until this one is graded/);
  expect(await seen(student, `/submissions/${submissionId}`)).toMatch(
    /graded again.*queued.*once it is graded/,
  );
  const exercise = `/courses/${course.courseSlug}/assignments/tutorial-7/docker-containers`;
  for (const path of [
    "/",
    `/courses/${course.courseSlug}`,
    `/courses/${course.courseSlug}/submissions`,
    exercise,
  ]) {
    expect(await seen(student, path)).toContain("Again: queued");
  }
  for (const query of ["", "?state=queued", "?state=graded"]) {
    expect(await seen(ta, `/courses/${course.courseSlug}/submissions/all${query}`)).toContain(
      "Again: queued",
    );
  }
  await call(web, ta, `/api/runs/${again}/cancel`, { method: "POST" });
  expect((await read(firstId)).run.counts).toBe(true);
  expect(await seen(student, `/runs/${again}`)).toMatch(/has no result and does not count/);
  expect(await seen(student, exercise)).not.toContain("Again:");
});

describe("staff let another result count", () => {
  test("on its page, by name and with a reason, and take it back the same way", async () => {
    const second = await replaceFirst(graded(12), graded(7));
    expect(await seen(ta, `/submissions/${submissionId}`)).toContain("Let this one count");
    expect(await seen(student, `/submissions/${submissionId}`)).not.toContain("Let this one count");
    const page = `/runs/${firstId}/staff`;
    expect(await seen(ta, page)).toMatch(
      /Rhea Reader to Docker containers run 2, with 7.*run 1, with 12.*in its place/,
    );
    const send = (of: string, reason: string) =>
      sendPlainForm(web, ta, { page: `/runs/${of}/staff`, field: "reason", typed: { reason } });
    const without = await send(firstId, " ");
    expect(without.status).toBe(200);
    expect(await without.text()).toContain("Say why");
    expect((await read(second)).run.counts).toBe(true);

    const done = await send(firstId, "The second machine was slow.");
    expect(done.status).toBe(303);
    expect((await read(firstId)).run.counts).toBe(true);
    expect((await read(second)).run.counts).toBe(false);
    const entry = await db.auditEntry.findFirstOrThrow({ where: { action: "run.make-count" } });
    expect(entry).toMatchObject({
      userId: ta.userId,
      before: { run: second, score: "7" },
      after: { run: firstId, score: "12" },
      reason: "The second machine was slow.",
    });
    expect(await seen(ta, `${page}?done=counts`)).toMatch(
      /This run counts now.*by Theo Ta: The second machine was slow/,
    );
    expect((await send(second, "It was not.")).status).toBe(303);
    expect((await read(second)).run.counts).toBe(true);
  });
});

describe("an exercise that cannot be read", () => {
  let other: SeededCourse;
  let reader: Person;

  beforeAll(async () => {
    other = await seedCourse(db, { courseSlug: "old-course", dueAt: null, latePolicy: { kind: "perhaps" } });
    reader = await addPerson(web, "Olaf Old", [
      { course: other.courseSlug, role: "student", section: "TCSS 562" },
    ]);
    await db.$executeRaw`ALTER TABLE exercise_version DISABLE TRIGGER exercise_version_immutable`;
    await db.exerciseVersion.update({
      where: { id: other.exerciseVersionId },
      data: { spec: { ...other.spec, gpus: 2 } as object },
    });
    await db.$executeRaw`ALTER TABLE exercise_version ENABLE TRIGGER exercise_version_immutable`;
  });

  test("leaves its old results to be seen: score, checks and what they said, with a sentence and no 500", async () => {
    const { runId, submissionId: id } = await seedSubmission(db, other, { userId: reader.userId });
    await setRun(runId, graded(5));
    await db.checkResult.createMany({
      data: ["files", "build"].map((checkId, position) => ({
        id: newId("chk", seededAt),
        ...{ runId, attempt: 1, position, checkId, kind: "files/required", title: `Check ${checkId}` },
        ...{ verdict: "passed" as const, points: 5, maxPoints: 10 },
        message: checkId === "files" ? { expected: "e", happened: "It was there.", fix: "f" } : { said: 1 },
        timeline: { of: "another version" },
      })),
    });
    await db.runEvent.createMany({
      data: [{ line: "All is well.", check: null }, { text: "?" }].map((payload, seq) => ({
        ...{ runId, attempt: 1, seq: seq + 1, type: "log", payload, at: seededAt },
      })),
    });
    const answer = await call(web, reader, `/api/runs/${runId}`);
    expect(answer.status).toBe(200);
    const view = (await answer.json()) as RunView;
    expect(view).toMatchObject({
      run: { score: 5, maxScore: 20 },
      unreadable: expect.stringContaining("cannot be read"),
      checks: [
        { title: "Check files", message: { happened: "It was there." }, timeline: null },
        { title: "Check build", message: { happened: expect.stringContaining("cannot be read") } },
      ],
    });
    const text = await seen(reader, `/runs/${runId}`);
    expect(text).toMatch(/cannot be read by this version.*All is well\..*This line cannot be read/s);
    expect(await seen(reader, `/submissions/${id}`)).toContain("Dockerfile");
    expect(await seen(reader, `/courses/${other.courseSlug}`)).toContain("Tutorial 7");
    expect(await seen(reader, "/")).toContain("Software Engineering");
    expect(await seen(reader, `/courses/${other.courseSlug}/assignments/tutorial-7`)).toContain(
      "cannot be read",
    );
  });

  test("shows a run that waits for it, without checks", async () => {
    const { runId } = await seedSubmission(db, other, { userId: reader.userId, number: 50 });
    expect(await seen(reader, `/runs/${runId}`)).toContain("No check is known");
  });

  test("takes no upload: it is refused with a sentence before a byte of it is read", async () => {
    const exercise = `${other.courseSlug}/tutorial-7/docker-containers`;
    const path = `/courses/${other.courseSlug}/assignments/tutorial-7/docker-containers`;
    expect(await seen(reader, path)).toContain("nothing can be handed in");
    const before = await db.submission.count();
    const answer = await call(web, reader, `/api/submissions?exercise=${exercise}&name=work.zip`, {
      method: "POST",
      body: new Uint8Array(await zipOf({ Dockerfile: "FROM debian\n" })),
    });
    expect(answer.status).toBe(503);
    const { error } = await answer.json();
    expect(error).toMatchObject({ code: "exercise-unreadable" });
    expect(error.message).toMatch(/Docker containers.*cannot be read.*tell the staff/);
    expect(await db.submission.count()).toBe(before);
    const [refusal] = await db.uploadRefusal.findMany({ where: { userId: reader.userId } });
    expect(refusal).toMatchObject({ code: "exercise-unreadable", bytes: 0n });
  });
});
