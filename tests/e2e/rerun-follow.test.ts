import { beforeEach, describe, expect, it } from "vitest";
import { newId } from "#course/ids.ts";
import { letCount } from "#infra/db/runs/fleet-transaction.ts";
import { type SeededCourse, seedCourse, seededAt, seedSubmission } from "#tests/support/seed.ts";
import { patience } from "./support/browser.ts";
import { addStudentAndTa, type Person } from "./support/people.ts";
import { withWebAndBrowser } from "./support/web-and-browser.ts";

let course: SeededCourse;
let student: Person;
let ta: Person;
let number = 0;
let first: string;
let again: string;
let submissionId: string;

const site = withWebAndBrowser(async (web) => {
  course = await seedCourse(web.database.db, { dueAt: null });
  const names = { student: "Stan Student", ta: "Tia Ta" };
  ({ student, ta } = await addStudentAndTa(web, course.courseSlug, names));
});

const after = (seconds: number) => new Date(seededAt.getTime() + seconds * 1000);

beforeEach(async () => {
  const { db } = site.web.database;
  number += 1;
  ({ runId: first, submissionId } = await seedSubmission(db, course, { userId: student.userId, number }));
  await db.run.update({
    where: { id: first },
    data: { state: "graded", score: 12, maxScore: 20, finishedAt: after(9) },
  });
  again = newId("run", after(20));
  await db.run.create({
    data: {
      ...{ id: again, submissionId, exerciseVersionId: course.exerciseVersionId, queuedAt: after(20) },
      ...{ state: "running", claimedAt: after(21), runningAt: after(22), counts: false },
    },
  });
});

/** As a worker that scores the run under way. */
const grade = () =>
  site.web.database.db.$transaction(async (tx) => {
    const data = { state: "graded", score: 17, maxScore: 20, finishedAt: after(60) } as const;
    await tx.run.update({ where: { id: again }, data });
    await letCount(tx, { id: again, submissionId });
  });

describe("a page that shows a rerun under way", { timeout: patience * 2 }, () => {
  it.each([
    ["the run's", () => `/runs/${first}`, /This run does not count: .*17/],
    ["the staff's of the run", () => `/runs/${first}/staff`, /Let this run count/],
    ["the submission's", () => `/submissions/${submissionId}`, /no: another run does/],
  ])("tells its end without a reload: %s", async (_name, path, told) => {
    const { context, page } = await site.openAs(path().endsWith("/staff") ? ta : student);
    await page.goto(path(), { waitUntil: "networkidle" });
    await page
      .getByText(/is being graded again/)
      .first()
      .waitFor();
    await grade();
    await page.getByText(told).first().waitFor({ timeout: 20_000 });
    expect(await page.getByText(/is being graded again/).count()).toBe(0);
    await context.close();
  });

  it("and does so without JavaScript", async () => {
    const { context, page } = await site.openAs(student, { javaScriptEnabled: false });
    await page.goto(`/runs/${first}`);
    await page.getByText(/is being graded again/).waitFor();
    await grade();
    await page.getByText(/This run does not count/).waitFor({ timeout: 20_000 });
    await context.close();
  });
});
