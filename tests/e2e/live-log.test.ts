import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { zoneCookie } from "#app/_ui/shell/zone-cookie.ts";
import type { RunEvent } from "#grading/protocol/messages.ts";
import { type SeededCourse, seedCourse, seedSubmission } from "#tests/support/seed.ts";
import { patience, seriousFindings, sidewaysScroll } from "./support/browser.ts";
import { type FreezingProxy, startFreezingProxy } from "./support/freezing-proxy.ts";
import { openAs } from "./support/pages.ts";
import { addPerson, type Person } from "./support/people.ts";
import { endRun, say, startRun } from "./support/run-story.ts";
import { withWebAndBrowser } from "./support/web-and-browser.ts";

let proxy: FreezingProxy;
let course: SeededCourse;
let student: Person;
let runId: string;
let number = 0;

const site = withWebAndBrowser(async (web) => {
  proxy = await startFreezingProxy(web.baseUrl);
  course = await seedCourse(web.database.db, { dueAt: null });
  student = await addPerson(web, "Lola Lines", [
    { course: course.courseSlug, role: "student", section: "TCSS 562" },
  ]);
});
afterAll(async () => {
  await proxy?.stop();
});
beforeEach(async () => {
  number += 1;
  ({ runId } = await seedSubmission(site.web.database.db, course, { userId: student.userId, number }));
  await startRun(site.web.database.db, runId);
});

const log = (line: string, check: string | null = null): RunEvent => ({ type: "log", check, line });
const titles: Record<string, string> = { files: "All files are handed in", build: "The image builds" };
const begin = (check: string): RunEvent => ({ type: "check-started", check, title: titles[check] ?? "" });
const finish = (check: string, verdict: "passed" | "failed"): RunEvent => ({
  ...{ type: "check-finished", check, title: titles[check] ?? "", verdict },
  ...{ points: verdict === "passed" ? 5 : 0, maxPoints: 5, durationMs: 3200 },
});
const tell = (...events: RunEvent[]) => say(site.web.database.db, runId, events);
const end = () => endRun(site.web.database.db, runId, { course, failed: ["build"] });

/** A run whose first check passed and whose second failed, with what they and the machine wrote. */
async function tellStory(buildLines: number): Promise<void> {
  await tell(log("Kubernetes is ready."), begin("files"), log("found Dockerfile", "files"));
  const build = Array.from({ length: buildLines }, (_, index) => log(`step ${index + 1}`, "build"));
  await tell(finish("files", "passed"), begin("build"), ...build, finish("build", "failed"));
}

/** The part of the log under this heading. */
const part = (page: Page, id: string) => page.locator(`[id="${id}"]`);
const heading = (page: Page, name: RegExp) => page.getByRole("heading", { level: 3, name });
const broken = (page: Page) => page.getByText(/^The connection is broken: last heard/);

describe("the log of a run that is over", { timeout: patience * 2 }, () => {
  it("has a heading for each check with verdict and seconds: what passed is folded, what failed open", async () => {
    await tellStory(40);
    await end();
    const { context, page } = await site.openAs(student);
    await page.goto(`/runs/${runId}`);
    await heading(page, /^Passed All files are handed in.*3\.2 s.*1 line$/).waitFor();
    await heading(page, /^Failed The image builds.*3\.2 s.*40 lines$/).waitFor();
    await page.getByText("step 40", { exact: true }).waitFor();
    expect(await page.getByText("found Dockerfile").count()).toBe(0);
    await heading(page, /^Passed/)
      .getByRole("button")
      .click();
    await page.getByText("found Dockerfile").waitFor();

    // Its search opens what it finds something in.
    await page.getByLabel("Search the log").fill("kubernetes is");
    await page.getByText("1 found", { exact: true }).waitFor();
    await page.locator("mark").waitFor();

    await page.getByRole("button", { name: /^Show times/ }).click();
    await page.locator("#L42").getByText("4.4 s", { exact: true }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await context.close();
  });

  it("leads to a line or to a check's part by its address, folded or not, as often as it is followed", async () => {
    await tellStory(40);
    await end();
    const { context, page } = await site.openAs(student);
    await page.goto(`/runs/${runId}#L2`);
    await page.locator("#L2[data-linked]").waitFor();
    const toFiles = part(page, "log-check-files").getByRole("link", { name: /^Link to/ });
    const fold = heading(page, /^Passed/).getByRole("button");
    for (let times = 0; times < 2; times++) {
      await fold.click();
      expect(await fold.getAttribute("aria-expanded")).toBe("false");
      await toFiles.first().click();
      await expect.poll(() => fold.getAttribute("aria-expanded")).toBe("true");
    }
    expect(new URL(page.url()).hash).toBe("#log-check-files");
    await page.getByRole("button", { name: "Show the log of The image builds" }).click();
    await expect.poll(() => new URL(page.url()).hash).toBe("#log-check-build");
    await context.close();
  });

  it("comes with its end, fetches what lies before it, says so meanwhile, and can be had whole", async () => {
    await tellStory(700);
    await end();
    const { context, page } = await site.openAs(student, { viewport: { width: 390, height: 844 } });
    let letThrough: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    await page.route("**/events/list*", async (route) => {
      await held;
      await route.continue();
    });
    // On a phone the log is a tab of its own.
    await page.goto(`/runs/${runId}#log`);
    await page.locator("#L702").waitFor();
    await page.getByText(/^\d+ of 702 lines; fetching the rest$/).waitFor();
    letThrough();
    await page.getByText("702 lines", { exact: true }).waitFor();
    await page.goto(`/runs/${runId}#L1`);
    await page.locator("#L1[data-linked]").waitFor();
    // Of many lines those in sight are drawn.
    await heading(page, /^Failed/).scrollIntoViewIfNeeded();
    expect(await page.locator("[id^=L]").count()).toBeLessThan(702);
    expect(await sidewaysScroll(page)).toBe(0);

    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download the whole log" }).first().click();
    const text = await readFile(await (await download).path(), "utf8");
    expect(text).toMatch(/──── The image builds ────\nstep 1\nstep 2\n/);
    expect(text).toMatch(/step 700\n\(Failed, 3\.2 s\)\n\nThe end of the log: 702 lines\.\n$/);
    await context.close();
  });

  it("has headings and the whole as a file without JavaScript too", async () => {
    await tellStory(3);
    await end();
    const { context, page } = await site.openAs(student, { javaScriptEnabled: false });
    await page.goto(`/runs/${runId}`);
    const parts = page.locator("noscript details");
    expect(await parts.locator("summary").allTextContents()).toEqual([
      "Machine: 1 line",
      "All files are handed in: Passed, 3.2 s, 1 line",
      "The image builds: Failed, 3.2 s, 3 lines",
    ]);
    expect(await parts.nth(2).locator("pre").isVisible()).toBe(true);
    expect(await parts.nth(1).locator("pre").isVisible()).toBe(false);
    expect(await page.locator(`noscript a[href="/api/runs/${runId}/log"]`).count()).toBe(1);
    await context.close();
  });
});

describe("a connection that freezes", { timeout: patience * 2 }, () => {
  it("is told within ten seconds, moves nothing, stops the clock, and is caught up with afterwards", async () => {
    await tell(log("before"));
    const { context, page } = await openAs(site.browser, proxy.baseUrl, student);
    await page.goto(`/runs/${runId}`);
    await page.getByText("before", { exact: true }).waitFor();
    await tell(log("live"));
    await page.getByText("live", { exact: true }).waitFor();
    const place = async () => (await page.locator("#log").boundingBox())?.y;
    const before = await place();
    proxy.freeze();
    const frozenAt = performance.now();
    await broken(page).waitFor();
    expect(performance.now() - frozenAt).toBeLessThan(11_000);
    expect(await place()).toBe(before);
    const told = () => broken(page).textContent();
    const first = await told();
    await expect.poll(told).not.toBe(first);

    // The run ends meanwhile: once the server is back, nothing of it is missing.
    await tellStory(30);
    await end();
    proxy.thaw();
    await page.getByText("Graded", { exact: true }).first().waitFor();
    await page.getByText("34 lines", { exact: true }).waitFor();
    expect(await broken(page).count()).toBe(0);
    await context.close();
  });

  it("is told as well where the server answers and cannot read the run", async () => {
    await tell(log("before"));
    const { context, page } = await site.openAs(student);
    await page.goto(`/runs/${runId}`);
    await page.getByText("before", { exact: true }).waitFor();
    await site.web.database.db.$transaction(
      async (tx) => {
        await tx.$executeRaw`LOCK TABLE run_event IN ACCESS EXCLUSIVE MODE`;
        await broken(page).waitFor({ timeout: 20_000 });
      },
      { timeout: 30_000 },
    );
    await expect.poll(() => broken(page).count()).toBe(0);
    await context.close();
  });
});

describe("a reader who has signed out in another tab", { timeout: patience * 2 }, () => {
  it("is told so, with the way back, and not that the connection is broken; signed in again the page goes on", async () => {
    await site.web.database.db.run.update({ where: { id: runId }, data: { state: "running" } });
    await tell(log("before"));
    const { context, page } = await site.openAs(student);
    // Told beforehand, or the page asks for itself again, which without a session leads away from it.
    await context.addCookies([{ name: zoneCookie, value: "America%2FLos_Angeles", url: site.web.baseUrl }]);
    await page.goto(`/runs/${runId}`);
    await page.getByText("before", { exact: true }).waitFor();
    const cookies = await context.cookies();
    await context.clearCookies({ name: student.cookie.split("=")[0] });
    const said = page.getByRole("alert").filter({ hasText: "You are signed out" });
    await said.getByRole("link", { name: "Sign in (in a new tab)" }).waitFor();
    expect(await broken(page).count()).toBe(0);
    await context.addCookies(cookies);
    await said.waitFor({ state: "detached" });
    await context.close();
  });
});

describe("seven tabs of one browser", { timeout: patience * 2 }, () => {
  it("all follow a run, and the seventh loads at once", async () => {
    await tell(log("before"));
    const { context, page } = await site.openAs(student);
    const tabs = [page, ...(await Promise.all(Array.from({ length: 5 }, () => context.newPage())))];
    for (const tab of tabs) await tab.goto(`/runs/${runId}`);
    await Promise.all(tabs.map((tab) => tab.getByText("before", { exact: true }).waitFor()));
    await tell(log("to all"));
    await Promise.all(tabs.map((tab) => tab.getByText("to all", { exact: true }).waitFor()));
    const seventh = await context.newPage();
    await seventh.goto(`/runs/${runId}`, { timeout: 20_000 });
    await seventh.getByText("to all", { exact: true }).waitFor();
    // Tabs that end leave their places to those that asked so far.
    for (const tab of tabs.slice(0, 4)) await tab.close();
    await end();
    const rest = [...tabs.slice(4), seventh];
    await Promise.all(rest.map((tab) => tab.getByText("Graded", { exact: true }).first().waitFor()));
    await context.close();
  });
});
