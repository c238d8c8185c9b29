import { describe, expect, it } from "vitest";
import { newId } from "#course/ids.ts";
import { tellStaff } from "#infra/db/notices/notice-store.ts";
import { type SeededCourse, seedCourse, seededAt, seedSubmission } from "#tests/support/seed.ts";
import { fadedTexts, patience } from "./support/browser.ts";
import { addPerson, type Person } from "./support/people.ts";
import { withWebAndBrowser } from "./support/web-and-browser.ts";

let course: SeededCourse;
let ta: Person;
let paths: string[];

const site = withWebAndBrowser(async (web) => {
  const { db } = web.database;
  course = await seedCourse(db, { dueAt: null });
  const { courseSlug } = course;
  ta = await addPerson(web, "Tia Ta", [{ course: courseSlug, role: "ta", section: null }]);
  const { runId, submissionId } = await seedSubmission(db, course, { userId: ta.userId });
  const result = { state: "graded" as const, finishedAt: seededAt, score: 12, maxScore: 20 };
  // Two results of one submission: the page of the one that does not count has the form to let it count.
  await db.$transaction([
    db.run.update({ where: { id: runId }, data: { ...result, counts: false } }),
    db.run.create({
      data: {
        ...{ id: newId("run", seededAt), submissionId, exerciseVersionId: course.exerciseVersionId },
        ...{ ...result, queuedAt: seededAt },
      },
    }),
  ]);
  const notice = {
    action: "run.not_gradable",
    subject: `exercise:${course.exerciseId}`,
    reason: "It failed.",
  } as const;
  await tellStaff({ tx: db, told: [], now: seededAt }, notice);
  paths = [
    "/",
    "/receipts",
    `/courses/${courseSlug}/assignments/tutorial-7/docker-containers`,
    `/submissions/${submissionId}`,
    `/runs/${runId}`,
    `/runs/${runId}/staff`,
    `/courses/${courseSlug}/submissions/all`,
    `/courses/${courseSlug}/fleet/images`,
    `/courses/${courseSlug}/fleet`,
    `/courses/${courseSlug}/assignments/tutorial-7/deadlines`,
  ];
});

describe("without JavaScript the pages follow the system's colours, all of them", {
  timeout: patience * 5,
}, () => {
  it.each([
    ["light", "255, 255, 255"],
    ["dark", "20, 24, 29"],
  ] as const)("in a %s system", async (colorScheme, body) => {
    for (const person of [null, ta]) {
      const { context, page } = await site.openAs(person, { colorScheme, javaScriptEnabled: false });
      for (const path of person === null ? ["/", "/sign-in"] : paths) {
        await page.goto(path);
        const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        expect(colour, path).toBe(`rgb(${body})`);
        expect(await fadedTexts(page), `${path} in ${colorScheme}`).toEqual([]);
      }
      await context.close();
    }
  });

  it("and the choice of a reader with JavaScript goes before the system's", async () => {
    const { context, page } = await site.openAs(ta, { colorScheme: "dark" });
    await page.addInitScript(() => localStorage.setItem("mantine-color-scheme-value", "light"));
    await page.goto("/");
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      "rgb(255, 255, 255)",
    );
    await context.close();
  });
});
