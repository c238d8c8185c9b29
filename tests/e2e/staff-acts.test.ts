import type { BrowserContextOptions, Page } from "playwright-core";
import { beforeEach, describe, expect, it } from "vitest";
import { newId } from "#course/ids.ts";
import { tellStaff } from "#infra/db/notices/notice-store.ts";
import { type SeededCourse, seedCourse, seededAt, seedSubmission } from "#tests/support/seed.ts";
import { patience } from "./support/browser.ts";
import type { OpenPage } from "./support/pages.ts";
import { addStudentAndTa, type Person } from "./support/people.ts";
import { withWebAndBrowser } from "./support/web-and-browser.ts";

let course: SeededCourse;
let student: Person;
let ta: Person;

const site = withWebAndBrowser(async (web) => {
  const { db } = web.database;
  course = await seedCourse(db, { dueAt: null });
  const names = { student: "Stan Student", ta: "Tia Ta" };
  ({ student, ta } = await addStudentAndTa(web, course.courseSlug, names));
});

const open = (options: BrowserContextOptions = {}): Promise<OpenPage> => site.openAs(ta, options);
const after = (seconds: number) => new Date(seededAt.getTime() + seconds * 1000);
let number = 0;

/** A submission with two results; the second one counts. */
async function seedTwoResults(): Promise<{ first: string; second: string }> {
  const { db } = site.web.database;
  number += 1;
  const { runId: first, submissionId } = await seedSubmission(db, course, { userId: student.userId, number });
  const second = newId("run", after(20));
  const result = { state: "graded" as const, maxScore: 20 };
  await db.$transaction([
    db.run.update({
      where: { id: first },
      data: { ...result, score: 12, finishedAt: after(9), counts: false },
    }),
    db.run.create({
      data: {
        ...{ id: second, submissionId, exerciseVersionId: course.exerciseVersionId, queuedAt: after(20) },
        ...{ ...result, score: 7, finishedAt: after(29) },
      },
    }),
  ]);
  return { first, second };
}

/** Lets the run of the page at hand count. */
async function letCount(page: Page): Promise<void> {
  const form = page.getByRole("region", { name: "Result of the submission" });
  await form.getByRole("textbox").fill("The second machine was slow.");
  await form.getByRole("button", { name: "Let this run count" }).click();
  await page.getByText("This run counts now.").waitFor();
}

describe("staff let another result count", { timeout: patience * 3 }, () => {
  it("and the page agrees with itself, then and when it is taken back", async () => {
    const { first, second } = await seedTwoResults();
    const { context, page } = await open();
    const doesNot = page.getByText("This run does not count");
    await page.goto(`/runs/${first}/staff`, { waitUntil: "networkidle" });
    await doesNot.waitFor();
    await letCount(page);
    await doesNot.waitFor({ state: "hidden" });
    await page.getByText("Kept 180 days after the run").waitFor();

    await page.goto(`/runs/${second}/staff`, { waitUntil: "networkidle" });
    await doesNot.waitFor();
    await letCount(page);
    await doesNot.waitFor({ state: "hidden" });
    await context.close();
  });

  it("and a page that is gone back to does not say what was true before", async () => {
    const { first, second } = await seedTwoResults();
    const { context, page } = await open();
    await page.goto(`/runs/${second}/staff`, { waitUntil: "networkidle" });
    await page.getByRole("link", { name: /^run 1: graded$/ }).click();
    await page.waitForURL(`**/runs/${first}/staff`);
    await letCount(page);
    await page.goBack();
    await page.getByText("another run counts").waitFor({ state: "hidden" });
    await page.goBack();
    await page.waitForURL(`**/runs/${second}/staff`);
    await page.getByText("another run counts").waitFor();
    await context.close();
  });
});

describe("a notice that is dealt with on the first page", { timeout: patience * 3 }, () => {
  beforeEach(async () => {
    const { db } = site.web.database;
    await db.notice.deleteMany();
    const told = [
      { action: "run.not_gradable", subject: `exercise:${course.exerciseId}`, reason: "It failed." },
      { action: "fleet.misconfigured", subject: "provider:docker", reason: "No machine can be started." },
    ] as const;
    for (const notice of told) await tellStaff({ tx: db, told: [], now: seededAt }, notice);
  });
  const close = (page: Page) =>
    page.getByRole("button", { name: "Mark as done: Runs could not be graded" }).click();
  const panelOf = (page: Page) => page.getByRole("region", { name: "Needs attention" });
  /** Text of what has the focus, or the name of its element. */
  const focused = (page: Page) =>
    page.evaluate(() => document.activeElement?.textContent || document.activeElement?.tagName);

  it("has its Undo in sight on a phone, with the focus before it", async () => {
    const { context, page } = await open({ viewport: { width: 390, height: 760 } });
    await page.goto("/", { waitUntil: "networkidle" });
    await close(page);
    const undo = panelOf(page).getByRole("button", { name: "Undo: Runs could not be graded" });
    await undo.waitFor();
    await expect.poll(() => focused(page)).toContain("is marked as done");
    const box = await undo.boundingBox();
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(760);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await panelOf(page).getByText("is open again").waitFor();
    await expect.poll(() => focused(page)).toContain("is open again");
    await context.close();
  });

  it("is open again at once, also where it was opened from the plain first page", async () => {
    await site.web.database.db.notice.updateMany({ data: { closedAt: seededAt, closedById: ta.userId } });
    const { context, page } = await open();
    await page.goto("/", { waitUntil: "networkidle" });
    const panel = panelOf(page);
    await panel.getByText("Done lately: 1").click();
    await panel.getByRole("button", { name: "Open again: Runs could not be graded" }).click();
    await panel.getByRole("button", { name: "Mark as done: Runs could not be graded" }).waitFor();
    expect(await panel.getByText("Done lately").count()).toBe(0);
    await context.close();
  });
});

describe("the count of open notices in the header", { timeout: patience * 3 }, () => {
  it.each([1440, 1024, 820, 360])("keeps its bell at %i pixels", async (width) => {
    const { db } = site.web.database;
    await db.course.update({
      where: { id: course.courseId },
      data: { title: "TCSS 462/562: Software Engineering for Cloud Computing" },
    });
    await tellStaff(
      { tx: db, told: [], now: seededAt },
      { action: "fleet.misconfigured", subject: "provider:ec2", reason: "No machine can be started." },
    );
    const { context, page } = await open({ viewport: { width, height: 800 } });
    await page.goto(`/courses/${course.courseSlug}`);
    const bell = page
      .getByRole("banner")
      .getByRole("link", { name: /open notice/ })
      .locator("svg");
    expect((await bell.boundingBox())?.width).toBe(17);
    await context.close();
  });
});
