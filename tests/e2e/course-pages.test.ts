import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { newId } from "#course/ids.ts";
import { type SeededCourse, seedCourse, seedSubmission } from "#tests/support/seed.ts";
import { cellsOffScreen, fadedTexts, patience, seriousFindings, sidewaysScroll } from "./support/browser.ts";
import { addPerson, addStudentAndTa, call, type Person } from "./support/people.ts";
import { withWebAndBrowser } from "./support/web-and-browser.ts";

let course: SeededCourse;
let student: Person;
let ta: Person;
let instructor: Person;
let submissionId: string;
let runId: string;

const dayMs = 86_400_000;
/** The end of a day Anywhere on Earth, so many days from today. */
const aoeEnd = (days: number) => new Date(Math.floor(Date.now() / dayMs) * dayMs + days * dayMs + dayMs / 2);
/** How the syllabus says that day. */
const sayDayOf = (end: Date, year: boolean) =>
  new Date(end.getTime() - 13 * 3_600_000).toLocaleDateString("en-US", {
    ...{ timeZone: "Etc/GMT+12", weekday: "short", month: "short", day: "numeric" },
    ...(year ? { year: "numeric" } : {}),
  });
const title = "TCSS 462/562: Software Engineering for Cloud Computing";
const path = (rest = "") => `/courses/${course.courseSlug}${rest}`;
const exercisePath = () => path("/assignments/tutorial-7/docker-containers");

const site = withWebAndBrowser(async (web) => {
  const { db } = web.database;
  const [files, build] = [
    { id: "files", kind: "files/required", title: "All files are handed in", points: 14 },
    { id: "build", kind: "docker/build", title: "The image builds", points: 86 },
  ].map((check) => ({ ...check, needs: [], timeoutSeconds: 60, with: {} }));
  course = await seedCourse(db, {
    dueAt: aoeEnd(4),
    spec: { checks: files && build ? [files, build] : [] },
  });
  await db.course.update({ where: { id: course.courseId }, data: { title } });
  const names = { student: "Stan Student", ta: "Tia Ta" };
  ({ student, ta } = await addStudentAndTa(web, course.courseSlug, names));
  instructor = await addPerson(web, "Ina Instructor", [
    { course: course.courseSlug, role: "instructor", section: null },
  ]);
  for (const [index, slug] of ["tutorial-0", "tutorial-1", "tutorial-2", "tutorial-3"].entries()) {
    await addAssignment(slug, aoeEnd(-400 + index), { taken: true });
  }
  const extended = await addAssignment("activity-costs", aoeEnd(-20), { taken: false });
  await addAssignment("report", aoeEnd(-30), { taken: false });
  await db.extension.create({
    data: {
      ...{ id: newId("ext", new Date()), assignmentId: extended, userId: student.userId, dueAt: aoeEnd(1) },
      ...{ reason: "Ill.", grantedById: instructor.userId },
    },
  });
  ({ submissionId, runId } = await seedSubmission(db, course, { userId: student.userId, at: aoeEnd(-3) }));
  await db.run.update({
    where: { id: runId },
    data: { state: "graded", score: 86, maxScore: 100, finishedAt: aoeEnd(-3) },
  });
});

async function addAssignment(slug: string, dueAt: Date, { taken }: { taken: boolean }): Promise<string> {
  const id = newId("asg", new Date());
  await site.web.database.db.assignment.create({
    data: {
      ...{ id, courseId: course.courseId, slug, title: `Work ${slug}`, kind: "tutorial", points: 20 },
      ...{ position: 1, dueZone: "AoE", dueAt, availableUntil: taken ? aoeEnd(4_000) : null },
      ...{ graceSeconds: 0, latePolicy: { kind: taken ? "accept" : "none" }, page: null },
    },
  });
  return id;
}

const open = (person: Person | null, at: string, options: BrowserContextOptions = {}) =>
  site.openAs(person, options).then(async ({ context, page }) => {
    const answer = await page.goto(at);
    return { context, page, status: answer?.status() };
  });
/** What of it is to be seen: a part that is folded says nothing. */
const shownText = async (part: Locator) => (await part.allInnerTexts()).join("\n");
const main = (page: Page) => shownText(page.getByRole("main"));

describe("a student's first page", { timeout: patience }, () => {
  it("leads with what is due next, extensions included, and folds what is overdue and done", async () => {
    const { context, page } = await open(student, "/");
    const next = page.getByRole("region", { name: "Due next" });
    expect(await next.getByRole("heading", { level: 4 }).allInnerTexts()).toEqual([
      "Work activity-costs",
      "Tutorial 7: Docker containers",
    ]);
    await next.getByText("extended for you").waitFor();
    const old = page.getByRole("link", { name: "Work tutorial-0" });
    expect(await old.isVisible()).toBe(false);
    await page.getByText("Overdue, still taken").focus();
    await page.keyboard.press("Enter");
    await old.waitFor();
    expect(await page.getByRole("link", { name: "Work report" }).isVisible()).toBe(false);
    await page.getByText("Done and closed").click();
    await page.getByRole("link", { name: "Work report" }).waitFor();
    await context.close();
  });
});

describe("a person of no course", { timeout: patience }, () => {
  it("reads on the first page how courses come to be there", async () => {
    const nobody = await addPerson(site.web, "Nora Nobody");
    const { context, page } = await open(nobody, "/");
    await page.getByText("You are in no course yet.").waitFor();
    expect(await main(page)).toContain(nobody.email);
    expect(await seriousFindings(page)).toEqual([]);
    await context.close();
  });
});

describe("the card of an exercise", { timeout: patience }, () => {
  it("says by its colour how much of it was reached", async () => {
    const { context, page } = await open(student, path("/assignments/tutorial-7"));
    await page.getByText("Some of the points: 17.2 of 20").first().waitFor();
    await context.close();
  });
});

describe("a date", { timeout: patience }, () => {
  it("leads with the day as the syllabus says it, then the reader's time, without seconds", async () => {
    const { context, page } = await open(student, path("/assignments/tutorial-7"));
    const text = await main(page);
    expect(text).toContain(`Due ${sayDayOf(aoeEnd(4), false)}, end of day (AoE)`);
    expect(text).toMatch(/your time:?\s+\w{3}, \w{3} \d+, [45]:00 AM P[DS]T/);
    for (const at of ["/", path(), path("/assignments/tutorial-7"), exercisePath(), path("/submissions")]) {
      await page.goto(at);
      expect(await main(page), at).not.toMatch(/\d:\d\d:\d\d/);
    }
    await context.close();
  });

  it("that is long past is its day alone in a table, and no time is a tab stop", async () => {
    const { context, page } = await open(student, path("/assignments"));
    await page.getByText("Due before this week").click();
    const row = page.getByRole("row").filter({ hasText: "Work tutorial-0" });
    expect(await shownText(row)).toContain(sayDayOf(aoeEnd(-400), true));
    expect(await shownText(row)).not.toMatch(/ago|:\d\d/);
    for (const person of [student, ta]) {
      const { context: other, page: list } = await open(
        person,
        person === ta ? `/courses/${course.courseSlug}/submissions/all` : path("/submissions"),
      );
      expect(await list.locator("time").count()).toBeGreaterThan(0);
      expect(await list.locator("time[tabindex]").count()).toBe(0);
      await other.close();
    }
    await context.close();
  });

  it("is written out in all zones by one switch at the foot of the page, by keyboard and without JavaScript", async () => {
    const { context, page } = await open(student, path("/assignments"), { javaScriptEnabled: false });
    const clocks = () =>
      page
        .getByRole("row")
        .filter({ hasText: "Tutorial 7" })
        .locator("time")
        .first()
        .evaluate((time) => getComputedStyle(time, "::after").content);
    expect(await clocks()).toBe("none");
    await page.getByLabel(/show all zones/).focus();
    await page.keyboard.press("Space");
    const all = await clocks();
    for (const zone of ["Anywhere on Earth", "Pacific", "UTC"]) expect(all).toContain(zone);
    expect(await sidewaysScroll(page)).toBe(0);
    await context.close();
  });
});

describe("points", { timeout: patience }, () => {
  it("are the course's everywhere, with the exercise's own beside them", async () => {
    const { context, page } = await open(student, path());
    const says = async (at: string, ...wanted: string[]) => {
      await page.goto(at);
      const text = (await main(page)).replaceAll("\u00a0", " ");
      for (const one of wanted) expect(text, at).toContain(one);
    };
    await says(path(), "17.2 of 20");
    await says("/", "17.2 of 20");
    await says(path("/assignments/tutorial-7"), "20 points", "17.2 of 20");
    await says(
      exercisePath(),
      "17.2 of 20",
      "86 of 100 checks' points",
      "100 points, worth 20 in the course",
    );
    await says(path("/submissions"), "17.2 of 20", "86 of 100 checks' points");
    await says(`/submissions/${submissionId}`, "17.2 of 20", "86 of 100 checks' points");
    await says(`/runs/${runId}`, "86 / 100 points", "= 17.2 of 20 in the course");
    await context.close();
  });
});

describe("a page's title", { timeout: patience }, () => {
  it("says what the page is about, and is no other page's", async () => {
    const { context, page } = await open(instructor, "/");
    const staff = path();
    const titles = new Map<string, string>();
    for (const at of [
      ...[
        "/",
        path(),
        path("/assignments/tutorial-7"),
        exercisePath(),
        path("/submissions"),
        path("/assignments/report"),
      ],
      ...[
        `/submissions/${submissionId}`,
        `${staff}/submissions/all`,
        `${staff}/assignments/tutorial-7/deadlines`,
        `${staff}/assignments/report/deadlines`,
      ],
      ...[`${staff}/fleet`, `${staff}/fleet/images`, "/receipts"],
      ...[path("/assignments"), path("/schedule"), path("/announcements"), path("/search")],
    ]) {
      await page.goto(at);
      titles.set(at, await page.title());
    }
    expect(new Set(titles.values()).size).toBe(titles.size);
    expect(titles.get(path("/assignments/tutorial-7"))).toBe(
      "Tutorial 7: Docker containers · TCSS 462/562 · Drydock",
    );
    expect(titles.get(`/submissions/${submissionId}`)).toBe(
      "Submission 1 of Stan Student · Docker containers · Drydock",
    );
    expect(titles.get(`${staff}/assignments/report/deadlines`)).toBe(
      "Deadline and extensions: Work report · Drydock",
    );
    await context.close();
  });
});

describe("signing in", { timeout: patience }, () => {
  it("says why one is there without naming the page, and has the field for the address ready", async () => {
    const { context, page } = await open(null, path("/assignments/tutorial-7"));
    await page.getByText("Sign in to open that page.").waitFor();
    expect(await page.content()).not.toContain("Tutorial 7");
    const field = page.getByLabel("E-mail");
    await expect.poll(() => field.evaluate((one) => one === document.activeElement)).toBe(true);
    await context.close();
  });

  it("says so after signing out, and nothing where one came by oneself", async () => {
    const leaver = await addPerson(site.web, "Lea Leaver", [
      { course: course.courseSlug, role: "student", section: "TCSS 562" },
    ]);
    const { context, page } = await open(leaver, path());
    await page.getByRole("button", { name: "Sign out" }).first().click();
    await page.waitForURL("**/sign-in?out=1");
    await page.getByText("You are signed out.").waitFor();
    await page.goto("/sign-in");
    expect(await main(page)).not.toMatch(/signed out|to open/);
    await context.close();
  });
});

describe.each([true, false])("a page that cannot be shown, with JavaScript: %s", (javaScriptEnabled) => {
  it.each(["/courses/no-such-course", "/no/such/page"])(
    "has the site's frame at %s",
    {
      timeout: patience,
    },
    async (at) => {
      const { context, page, status } = await open(student, at, { javaScriptEnabled });
      expect(status).toBe(404);
      await page.getByRole("heading", { level: 1, name: "We cannot find that page." }).waitFor();
      await page.getByRole("banner").getByRole("button", { name: "Sign out" }).first().waitFor();
      expect(await main(page)).toContain(`You are signed in as ${student.email}`);
      expect(new URL(page.url()).pathname).toBe(at);
      if (javaScriptEnabled) expect(await seriousFindings(page)).toEqual([]);
      else expect(await fadedTexts(page)).toEqual([]);
      await context.close();
    },
  );

  it.runIf(javaScriptEnabled)("has it too where a link led to it", { timeout: patience }, async () => {
    const { context, page } = await open(student, path());
    const link = page.getByRole("main").getByRole("link").first();
    await link.evaluate((element) => element.setAttribute("href", "/runs/run_gone"));
    await link.click();
    await page.getByRole("heading", { level: 1, name: "We cannot find that page." }).waitFor();
    await page.getByRole("banner").getByRole("button", { name: "Sign out" }).first().waitFor();
    await context.close();
  });

  it("offers a stranger to sign in", { timeout: patience }, async () => {
    const { context, page, status } = await open(null, "/no/such/page", { javaScriptEnabled });
    expect(status).toBe(404);
    await page.getByRole("main").getByRole("link", { name: "Sign in" }).waitFor();
    await context.close();
  });

  it("says that it failed, with a reference of its own that the log has beside the error", {
    timeout: patience,
  }, async () => {
    const { db } = site.web.database;
    await db.$executeRaw`ALTER TABLE upload_refusal RENAME TO upload_refusal_away`;
    try {
      const { context, page, status } = await open(student, exercisePath(), { javaScriptEnabled });
      expect(status).toBe(500);
      await page.getByRole("heading", { level: 1, name: "This page failed on our side." }).waitFor();
      await page.getByRole("banner").getByRole("button", { name: "Sign out" }).first().waitFor();
      const reference = await shownText(page.locator("main .mono"));
      expect(reference).toMatch(/^[0-9a-f-]{36}$/);
      const lines = (await site.web.log()).split("\n").filter((line) => line.startsWith("{"));
      const errors = lines.map((line) => JSON.parse(line)).filter((line) => line.reference === reference);
      expect(errors.some(({ err }) => String(err?.stack).includes("upload_refusal"))).toBe(true);
      await context.close();
    } finally {
      await db.$executeRaw`ALTER TABLE upload_refusal_away RENAME TO upload_refusal`;
    }
  });
});

describe("a closed assignment that nothing is handed in for", { timeout: patience }, () => {
  it("offers neither grace nor extensions, and says why; an open one says what an extension changes", async () => {
    const { context, page } = await open(
      instructor,
      `/courses/${course.courseSlug}/assignments/report/deadlines`,
    );
    await page.getByText("nothing that grace or an extension would change").waitFor();
    expect(await page.getByRole("button", { name: "Give the extension" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: "Set the grace" }).count()).toBe(0);
    await page.goto(`/courses/${course.courseSlug}/assignments/tutorial-0/deadlines`);
    await page.getByText("An extension changes the date that its student is shown").waitFor();
    await page.getByRole("button", { name: "Give the extension" }).waitFor();
    await context.close();
  });
});

describe("the focus of who changes a deadline", { timeout: patience }, () => {
  it("goes to what was done, and to the question before an extension ends", async () => {
    const { context, page } = await open(
      instructor,
      `/courses/${course.courseSlug}/assignments/tutorial-0/deadlines`,
    );
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
    const grace = page.locator("form", { has: page.getByLabel("Minutes of grace") });
    await grace.getByLabel("Minutes of grace").fill("5");
    await grace.getByLabel("Why").fill("The network was down.");
    await page.keyboard.press("Enter");
    await expect.poll(focused).toBe("The grace is 5 min now.");
    // All of a button's word is to be seen, its g as well.
    const label = page.getByRole("button", { name: "Set the grace" }).locator("span").last();
    expect(await label.evaluate((span) => span.scrollHeight - span.clientHeight)).toBe(0);
    await page.goto(`/courses/${course.courseSlug}/assignments/activity-costs/deadlines`);
    await page.getByRole("link", { name: "End the extension of Stan Student" }).click();
    await expect.poll(focused).toMatch(/^End the extension of Stan Student\?/);
    await context.close();
  });
});

describe("these pages", { timeout: patience * 2 }, () => {
  it("pass axe, and fit a phone of 390 pixels", async () => {
    for (const person of [student, instructor]) {
      const { context, page } = await open(person, "/", { viewport: { width: 390, height: 844 } });
      const staff = [
        `/courses/${course.courseSlug}/assignments/report/deadlines`,
        `/courses/${course.courseSlug}/assignments/activity-costs/deadlines`,
      ];
      const sections = ["/assignments", "/schedule", "/announcements", "/search"].map(path);
      const own = [
        "/",
        path(),
        ...sections,
        path("/assignments/tutorial-7"),
        exercisePath(),
        path("/submissions"),
      ];
      for (const at of person === instructor ? staff : own) {
        await page.goto(at);
        for (const fold of await page.locator("main details").all()) {
          await fold.evaluate((details) => details.setAttribute("open", ""));
        }
        expect(await seriousFindings(page), at).toEqual([]);
        expect(await sidewaysScroll(page), at).toBe(0);
        expect(await cellsOffScreen(page), at).toEqual([]);
      }
      await context.close();
    }
  });

  it("answer a program's request for what is not there as before", async () => {
    const answer = await call(site.web, null, "/courses/no-such-course", {
      headers: { cookie: student.cookie },
    });
    expect(answer.status).toBe(404);
  });
});
