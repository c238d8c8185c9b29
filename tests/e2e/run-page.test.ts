import type { BrowserContextOptions, Page } from "playwright-core";
import { beforeEach, describe, expect, it } from "vitest";
import { type SeededCourse, seedCourse, seedSubmission } from "#tests/support/seed.ts";
import { patience, seriousFindings, sidewaysScroll } from "./support/browser.ts";
import { buildLines, checkedExercise, playRun, seconds } from "./support/checked-run.ts";
import { addStudentAndTa, type Person } from "./support/people.ts";
import { withWebAndBrowser } from "./support/web-and-browser.ts";

let course: SeededCourse;
let student: Person;
let ta: Person;
let number = 0;
let runId: string;
let submissionId: string;
let play: ReturnType<typeof playRun>;

const site = withWebAndBrowser(
  async (web) => {
    course = await seedCourse(web.database.db, { dueAt: null, spec: checkedExercise });
    const names = { student: "Wanda Waits", ta: "Theo Ta" };
    ({ student, ta } = await addStudentAndTa(web, course.courseSlug, names));
  },
  { DRYDOCK_FLEET_MAX: "1" },
);

beforeEach(async () => {
  number += 1;
  const { db } = site.web.database;
  // What is left of the case before neither waits nor works: queues and estimates are this case's own.
  await db.run.updateMany({
    where: { state: { notIn: ["graded", "cancelled"] } },
    data: { state: "cancelled", reason: "Over.", reasonCode: null, finishedAt: seconds(90) },
  });
  ({ runId, submissionId } = await seedSubmission(db, course, { userId: student.userId, number }));
  play = playRun(db, course, runId);
});

const phone = { viewport: { width: 390, height: 844 } };
const open = async (path = `/runs/${runId}`, options: BrowserContextOptions = {}, who = student) => {
  const { context, page } = await site.openAs(who, options);
  await page.goto(path, { waitUntil: "networkidle" });
  return { context, page };
};
/** Up to the failing check, as a machine tells it. */
const failHttp = async () => {
  await play.start();
  await play.begin("build");
  await play.log("build", ...buildLines);
  await play.end("files");
  await play.end("build");
  await play.begin("http");
  await play.end("http", true);
};
const gradedRun = async () => {
  await failHttp();
  await play.end("user");
  await play.grade({ failing: "http" });
};
const failedLink = (page: Page) =>
  page.getByRole("link", { name: "As a service it answers on port 8080", exact: true });
const reason = (page: Page) => page.getByText("Nothing listens on port 8080", { exact: false });
interface Shift extends PerformanceEntry {
  value: number;
  hadRecentInput: boolean;
}

/** How far content has jumped since then, as browsers measure it, but for what the reader did. */
const shiftsSince = (page: Page, from: number) =>
  page.evaluate(
    (since) =>
      new Promise<number>((resolve) => {
        let sum = 0;
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as unknown as Shift[]) {
            if (!entry.hadRecentInput && entry.startTime > since) sum += entry.value;
          }
        });
        observer.observe({ type: "layout-shift", buffered: true });
        setTimeout(() => resolve(sum), 300);
      }),
    from,
  );

describe("a check that fails while the run goes on", { timeout: patience * 3 }, () => {
  it("opens by itself with its reason and what the program wrote, and is named under the line of truth", async () => {
    const { context, page } = await open();
    await failHttp();
    await reason(page).waitFor();
    await page.getByText("1 failed:", { exact: false }).waitFor();
    expect(await page.locator("main details[open] > summary").first().textContent()).toContain("Failed");
    const shown = page.locator("pre").filter({ hasText: "Uvicorn running" });
    // What a program writes is text: no element, no colour, no turned line.
    expect(await shown.locator("*").count()).toBe(0);
    expect(await shown.textContent()).toContain("<b>bold</b> red ⟨U+202E⟩gnirts");
    await page.getByText("112 lines before the first one here are left out.").waitFor();
    await page.getByText("GET / on port 8080: connection refused").waitFor();
    // The run still goes on.
    await page.getByText("Grading", { exact: true }).first().waitFor();
    await context.close();
  });

  it("opens as well for whoever came from far down another page", async () => {
    const { context, page } = await open(`/submissions/${submissionId}`);
    await page.evaluate(() => {
      document.body.style.paddingBottom = "3000px";
      window.scrollTo(0, 400);
    });
    await page.getByRole("link", { name: "Open the run" }).click();
    await page.waitForURL("**/runs/*");
    await page.getByRole("heading", { level: 1, name: "Run of" }).waitFor();
    await failHttp();
    await reason(page).waitFor();
    await context.close();
  });

  it("opens nothing under a reader who has begun to read, and opens by the link, by keyboard", async () => {
    const { context, page } = await open();
    await play.start();
    await page.keyboard.press("Tab");
    await failHttp();
    await failedLink(page).waitFor();
    expect(await reason(page).isVisible()).toBe(false);
    await failedLink(page).press("Enter");
    await reason(page).waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("SUMMARY");
    await context.close();
  });

  it("says which check wrote nothing to the log before anybody looks there", async () => {
    const { context, page } = await open();
    await gradedRun();
    const http = page.getByRole("button", { name: "Show the log of As a service" });
    await page.locator("#check-http").getByText("It wrote nothing to the log.").waitFor();
    expect(await http.isDisabled()).toBe(true);
    await page.locator("#check-build summary").click();
    expect(await page.getByRole("button", { name: "Show the log of The image builds" }).isEnabled()).toBe(
      true,
    );
    await context.close();
  });
});

describe("how a run went", { timeout: patience * 3 }, () => {
  it("stays in the tab's title, in the heading and in the icon, also when the page is loaded anew", async () => {
    const { context, page } = await open();
    const name = `docker-containers no. ${number} · Drydock`;
    expect(await page.title()).toBe(`Queued · ${name}`);
    await gradedRun();
    await page.waitForFunction((title) => document.title === title, `75 of 100 · ${name}`);
    await page.evaluate("window.next.router.refresh()");
    await page.waitForLoadState("networkidle");
    expect(await page.title()).toBe(`75 of 100 · ${name}`);
    await page.reload();
    expect(await page.title()).toBe(`75 of 100 · ${name}`);
    await page
      .getByRole("heading", { level: 1, name: `Run of docker-containers, submission ${number}` })
      .waitFor();
    await page.locator('link[rel="icon"][href^="data:image/svg"]').waitFor({ state: "attached" });
    await context.close();
  });

  it("is said by the score and the end of the road alone, and the whole is called so", async () => {
    await gradedRun();
    const { context, page } = await open();
    await page.getByText("75 / 100 points", { exact: true }).waitFor();
    await page.getByText("Some of the points:").waitFor();
    await page.getByText("1 min 15 s in all", { exact: true }).first().waitFor();
    const road = page.getByRole("list", { name: "Road of the run" });
    expect(await road.locator("[data-went]").count()).toBe(1);
    await context.close();
  });

  it("is told by the browser to whoever asked by a press, and nobody is asked without", async () => {
    const { context, page } = await site.openAs(student);
    await context.addInitScript(() => {
      const told: string[] = [];
      Object.assign(window, { told, asked: 0 });
      class Notice {
        static permission = "default";
        static requestPermission = async () => {
          Object.assign(window, { asked: 1 });
          Notice.permission = "granted";
          return "granted";
        };
        constructor(title: string) {
          told.push(title);
        }
      }
      Object.assign(window, { Notification: Notice });
    });
    await page.goto(`/runs/${runId}`, { waitUntil: "networkidle" });
    expect(await page.evaluate("window.asked")).toBe(0);
    await page.getByRole("button", { name: "Tell me when it ends" }).click();
    await page.getByRole("button", { name: "You will be told", pressed: true }).waitFor();
    await gradedRun();
    const told = () => page.evaluate<string[]>("window.told");
    await expect.poll(told, { timeout: patience }).toEqual([`75 of 100 · docker-containers no. ${number}`]);
    await context.close();
  });
});

describe("a phone", { timeout: patience * 4 }, () => {
  it("shows checks, log and receipt as tabs under a line of truth that stays, and comes back from the log", async () => {
    await gradedRun();
    const { context, page } = await open(undefined, phone);
    const log = page.getByRole("group", { name: "Log", exact: true });
    expect(await log.isVisible()).toBe(false);
    await page.getByText("The image builds").first().click();
    await page.getByRole("button", { name: "Show the log of The image builds" }).click();
    await log.getByText("part-7").waitFor();
    expect(await page.getByRole("tab", { name: "Log" }).getAttribute("aria-selected")).toBe("true");
    const back = page.getByRole("button", { name: "Back to the check “The image builds”" });
    expect(await back.evaluate((element) => element === document.activeElement)).toBe(true);
    await back.press("Enter");
    await page.locator("#check-build").getByText("It did.").waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("The image builds");
    // By keyboard from tab to tab, and around.
    await page.getByRole("tab", { name: "Checks" }).focus();
    await page.keyboard.press("ArrowLeft");
    await page.getByText("SHA-256").first().waitFor();
    await page.mouse.wheel(0, 2000);
    expect(await page.getByText("75 / 100 points", { exact: true }).boundingBox()).toMatchObject({
      y: expect.toSatisfy((y: number) => y >= 0 && y < 44),
    });
    expect(await sidewaysScroll(page)).toBe(0);
    // Nothing of the line of truth is cut off.
    await page.evaluate(() => window.scrollTo(0, 0));
    const passed = page.getByText("3 of 4 checks passed", { exact: true });
    expect(await passed.evaluate((element) => element.scrollWidth > element.clientWidth)).toBe(false);
    const { x = 0, width = 999 } = (await passed.boundingBox()) ?? {};
    expect(x + width).toBeLessThanOrEqual(390);
    // Paper, which is as narrow, has all three parts.
    await page.emulateMedia({ media: "print" });
    for (const name of ["Checks", "Log", "Receipt"]) {
      expect(await page.getByRole("heading", { level: 2, name, exact: true }).isVisible(), name).toBe(true);
    }
    await context.close();
  });

  it("opens the log for a link to a line of it", async () => {
    await gradedRun();
    const { context, page } = await open(`/runs/${runId}#L3`, phone);
    await page.locator("#L3[data-linked]").waitFor();
    expect(await page.locator("#L3").isVisible()).toBe(true);
    await context.close();
  });

  it("shows all three below each other without JavaScript, and no dead tabs", async () => {
    await gradedRun();
    const { context, page } = await open(undefined, { ...phone, javaScriptEnabled: false });
    for (const name of ["Checks", "Log", "Receipt"]) {
      expect(await page.getByRole("region", { name, exact: true }).isVisible(), name).toBe(true);
    }
    expect(await page.getByRole("tab").count()).toBe(0);
    await reason(page).waitFor();
    await context.close();
  });
});

describe("a run that waits", { timeout: patience * 3 }, () => {
  /** Of other students: what estimates rest on, and one that holds the only machine. */
  const busyFleet = async (claimedSecondsAgo: number) => {
    const { db } = site.web.database;
    const ended = await seedSubmission(db, course, {
      userId: course.otherStudentId,
      number: 100 + number * 2,
    });
    const graded = { state: "graded" as const, score: 1, maxScore: 1 };
    await db.run.update({
      where: { id: ended.runId },
      data: { ...graded, claimedAt: seconds(0), finishedAt: seconds(35) },
    });
    const busy = await seedSubmission(db, course, {
      userId: course.otherStudentId,
      number: 101 + number * 2,
    });
    const claimedAt = new Date(Date.now() - claimedSecondsAgo * 1000);
    await db.run.update({
      where: { id: busy.runId },
      data: { state: "running", claimedAt, runningAt: claimedAt },
    });
  };

  it("is told that it takes longer than usual and why, and keeps its place", async () => {
    await busyFleet(300);
    const { context, page } = await open();
    await page
      .getByText(/^You are next\. It takes longer than usual: the run before yours has been going for 5 min/)
      .waitFor();
    await context.close();
  });

  it("is taken out of the queue by its student after they were asked, and says what to do then", async () => {
    await busyFleet(5);
    const { context, page } = await open();
    await page.getByRole("button", { name: "Cancel run" }).click();
    await page.getByText("counts for nothing until you have it run again", { exact: false }).waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel run" }).click();
    await page.getByText("You cancelled this run while it waited", { exact: false }).waitFor();
    await page.getByRole("button", { name: "Run again" }).waitFor();
    const { db } = site.web.database;
    expect(await db.run.findUnique({ where: { id: runId } })).toMatchObject({
      ...{ state: "cancelled", reasonCode: "withdrawn" },
    });
    const entry = { action: "run.cancel", subject: `run:${runId}`, userId: student.userId };
    expect(await db.auditEntry.count({ where: entry })).toBe(1);
    await page.goto(`/courses/${course.courseSlug}/submissions`);
    await page.getByText("You cancelled its run: it counts once it was run again.").first().waitFor();
    await context.close();
  });

  it("is no longer offered to be cancelled once it has begun, and the server refuses it then", async () => {
    const { context, page } = await open();
    await page.getByRole("button", { name: "Cancel run" }).waitFor();
    await play.start();
    await page.getByRole("button", { name: "Cancel run", disabled: true }).waitFor();
    const answer = await page.request.post(`/api/runs/${runId}/cancel`, {
      headers: { origin: site.web.baseUrl },
    });
    expect([answer.status(), (await answer.json()).error.code]).toEqual([409, "begun-already"]);
    await context.close();
  });

  it("moves nothing on the page when it leaves the queue, is graded, or the connection breaks", async () => {
    await busyFleet(5);
    const { context, page } = await open();
    const loaded = await page.evaluate(() => performance.now());
    await page.mouse.click(5, 5);
    await play.start();
    await page.getByText("Grading", { exact: true }).first().waitFor();
    await failHttp();
    await failedLink(page).waitFor();
    await context.setOffline(true);
    await play.grade({ failing: "http" });
    await context.setOffline(false);
    await page.getByText("75 / 100 points", { exact: true }).waitFor();
    // The words in the line of truth are of different lengths; a row that moves is ten times this.
    expect(await shiftsSince(page, loaded)).toBeLessThan(0.01);
    await context.close();
  });
});

describe("focus and colours", { timeout: patience * 4 }, () => {
  it("is on the heading after a link led to the page, and at the start of a page that was loaded", async () => {
    const { context, page } = await open(`/submissions/${submissionId}`);
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
    await page.getByRole("link", { name: "Open the run" }).click();
    await page.waitForURL("**/runs/*");
    await page.waitForFunction(() => document.activeElement?.tagName === "H1");
    await context.close();
  });

  it("shows staff the failing check's output first and laid out, and no line of the log again", async () => {
    await gradedRun();
    const { context, page } = await open(`/runs/${runId}/staff`, {}, ta);
    const output = page.getByRole("region", { name: "Staff-only output" });
    const parts = output.locator("details");
    expect(await parts.first().locator("summary").textContent()).toContain("As a service it answers");
    expect(await parts.first().locator("pre").textContent()).toContain('"outcome": "no-answer"');
    const build = parts.filter({ hasText: "The image builds" });
    expect(await build.getAttribute("open")).toBeNull();
    await build.locator("summary").click();
    await build.getByText("8 lines that the log has as well are left out here.").waitFor();
    expect(await build.locator("pre").textContent()).toBe("builder: buildkit 0.17");
    await context.close();
  });

  it("passes axe, wide and on a phone", async () => {
    await gradedRun();
    for (const options of [{}, phone]) {
      const { context, page } = await open(undefined, options);
      expect(await seriousFindings(page)).toEqual([]);
      await context.close();
    }
  });
});
