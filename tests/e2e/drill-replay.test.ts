import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { type SeededCourse, seedCourse, seedSubmission } from "#tests/support/seed.ts";
import { cellsOffScreen, patience, seriousFindings, sidewaysScroll } from "./support/browser.ts";
import { drilledExercise, seedDrillRun } from "./support/drill-run.ts";
import { addPerson, type Person } from "./support/people.ts";
import { withWebAndBrowser } from "./support/web-and-browser.ts";

let course: SeededCourse;
let student: Person;
let runPath = "";
let waitingPath = "";

const site = withWebAndBrowser(async (web) => {
  course = await seedCourse(web.database.db, { dueAt: null, spec: drilledExercise });
  student = await addPerson(web, "Dora Drill", [
    { course: course.courseSlug, role: "student", section: "TCSS 562" },
  ]);
  runPath = `/runs/${await seedDrillRun(web.database.db, course, student)}`;
  const waiting = await seedSubmission(web.database.db, course, { userId: student.userId, number: 2 });
  await web.database.db.run.update({
    where: { id: waiting.runId },
    data: { reason: waitingReason, reasonCode: "machine_image" },
  });
  waitingPath = `/runs/${waiting.runId}`;
});

const waitingReason = "The machine for Kubernetes exercises is being made (40 %).";

const open = (options: BrowserContextOptions = {}) => site.openAs(student, options);

/** The replay of the failed check, which the page opens by itself. */
const replayOf = (page: Page) =>
  page.getByRole("region", {
    name: "What the drill saw in “A killed pod is replaced without a lost request”",
  });
const scrubberOf = (replay: Locator) => replay.getByRole("slider", { name: "Moment of the drill" });

/** Resolves once the replay is at this moment or later. */
async function untilAt(page: Page, scrubber: Locator, atMs: number): Promise<void> {
  await page.waitForFunction(([element, least]) => Number(element?.getAttribute("aria-valuenow")) >= least, [
    await scrubber.elementHandle(),
    atMs,
  ] as const);
}

/** What the chart's key says beside this name. */
async function figure(replay: Locator, name: string): Promise<string> {
  const row = replay.locator("dl > div").filter({ hasText: name });
  return (await row.locator("dd").textContent()) ?? "";
}

describe("the replay of a failure drill", { timeout: patience * 5 }, () => {
  it("tells in a sentence how long recovery took and what was lost", async () => {
    const { context, page } = await open();
    await page.goto(runPath);
    await replayOf(page)
      .getByText(
        "At worst 2 of 3 pods were ready; all were ready 4.3 s after “Pod web-6d4cf56db6-x7k2p deleted”; 4 of 1,204 requests failed.",
      )
      .waitFor();
    await context.close();
  });

  it("shows the moment that arrow keys, Home, End and Page Down lead to, in figures and in the list", async () => {
    const { context, page } = await open();
    await page.goto(runPath, { waitUntil: "networkidle" });
    const replay = replayOf(page);
    const scrubber = scrubberOf(replay);
    await scrubber.focus();
    await page.keyboard.press("End");
    expect(await scrubber.getAttribute("aria-valuenow")).toBe("24000");
    expect(await figure(replay, "Failed")).toBe("4");
    expect(await replay.getByRole("listitem").and(page.locator("[aria-current]")).textContent()).toContain(
      "All pods run shop-web:2.0",
    );
    await page.keyboard.press("Home");
    for (let presses = 0; presses < 16; presses++) await page.keyboard.press("ArrowRight");
    expect(await scrubber.getAttribute("aria-valuetext")).toBe(
      "3.2 s: 2 of 3 ready, 2 addresses, 4 failed so far",
    );
    expect(await figure(replay, "Ready")).toBe("2");
    await page.keyboard.press("ArrowLeft");
    expect(await scrubber.getAttribute("aria-valuenow")).toBe("3000");
    await page.keyboard.press("PageUp");
    expect(await figure(replay, "Ready")).toBe("3");
    await context.close();
  });

  it("plays and pauses with the space bar, and starts again after the end", async () => {
    const { context, page } = await open();
    await page.goto(runPath, { waitUntil: "networkidle" });
    const replay = replayOf(page);
    const scrubber = scrubberOf(replay);
    const at = async () => Number(await scrubber.getAttribute("aria-valuenow"));
    const [play, pause] = ["Play", "Pause"].map((name) => replay.getByRole("button", { name, exact: true }));
    await scrubber.focus();
    await page.keyboard.press(" ");
    await pause?.waitFor();
    await untilAt(page, scrubber, 1000);
    await page.keyboard.press(" ");
    await play?.waitFor();
    expect(await at()).toBeGreaterThanOrEqual(1000);
    await page.keyboard.press("End");
    await page.keyboard.press(" ");
    await pause?.waitFor();
    expect(await at()).toBeLessThan(24_000);
    // It stops by itself at the end, wherever it came from.
    await page.keyboard.press("End");
    await play?.waitFor();
    expect(await at()).toBe(24_000);
    await context.close();
  });

  it("goes from mark to mark by buttons and by a mark's time, and the mouse may point into the chart", async () => {
    const { context, page } = await open();
    await page.goto(runPath, { waitUntil: "networkidle" });
    const replay = replayOf(page);
    const scrubber = scrubberOf(replay);
    const at = () => scrubber.getAttribute("aria-valuenow");
    await replay.getByRole("button", { name: "Next mark" }).click();
    expect(await at()).toBe("2900");
    await replay.getByRole("button", { name: "Next mark" }).click();
    expect(await at()).toBe("3100");
    await replay.getByRole("button", { name: "Previous mark" }).click();
    expect(await at()).toBe("2900");
    await replay.getByRole("button", { name: "Go to 7.2 s" }).click();
    expect(await at()).toBe("7200");
    const drawn = replay.getByRole("img", { name: /^The drill as a chart/ });
    await drawn.scrollIntoViewIfNeeded();
    const chart = await drawn.boundingBox();
    if (!chart) throw new Error("The chart is not drawn.");
    await page.mouse.click(chart.x + chart.width / 2, chart.y + 40);
    expect(Math.abs(Number(await at()) - 12_000)).toBeLessThan(100);
    await context.close();
  });

  it("moves nothing else on the page while it plays", async () => {
    const { context, page } = await open();
    await page.goto(runPath, { waitUntil: "networkidle" });
    const replay = replayOf(page);
    await page.evaluate(() => {
      // The scrubber's own thumb and bar move, and nothing beside them may.
      const shifts: string[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => {
        const entries = list.getEntries() as unknown as { sources: { node: Node | null }[] }[];
        for (const { node } of entries.flatMap((entry) => entry.sources)) {
          const element = node instanceof Element ? node : node?.parentElement;
          if (!element?.closest(".mantine-Slider-root")) shifts.push(element?.outerHTML ?? "gone");
        }
      }).observe({ type: "layout-shift" });
    });
    const before = await replay.boundingBox();
    await replay.getByText("10×", { exact: true }).click();
    await replay.getByRole("button", { name: "Play" }).click();
    await untilAt(page, scrubberOf(replay), 24_000);
    expect(await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts)).toEqual([]);
    expect((await replay.boundingBox())?.height).toBe(before?.height);
    await context.close();
  });

  it("moves in still pictures for readers who asked for little motion", async () => {
    const { context, page } = await open({ reducedMotion: "reduce" });
    await page.goto(runPath, { waitUntil: "networkidle" });
    const replay = replayOf(page);
    const scrubber = scrubberOf(replay);
    const seen = scrubber.evaluate(
      (element) =>
        new Promise<string[]>((resolve) => {
          const values: string[] = [];
          new MutationObserver((_changes, observer) => {
            values.push(element.getAttribute("aria-valuenow") ?? "");
            if (values.length < 3) return;
            observer.disconnect();
            resolve(values);
          }).observe(element, { attributeFilter: ["aria-valuenow"] });
        }),
    );
    await replay.getByRole("button", { name: "Play" }).click();
    const values = (await seen).map(Number);
    for (const [index, value] of values.entries()) {
      expect(value - (values[index - 1] ?? 0)).toBeGreaterThanOrEqual(500);
    }
    await context.close();
  });

  it("is a chart, a sentence, a list and a table without JavaScript, and no dead controls", async () => {
    const { context, page } = await open({ javaScriptEnabled: false });
    await page.goto(runPath);
    const replay = replayOf(page);
    await replay.getByRole("img", { name: /^The drill as a chart\. At worst 2 of 3/ }).waitFor();
    expect(await replay.getByRole("listitem").count()).toBe(10);
    await replay.getByText("Pod web-6d4cf56db6-x7k2p deleted", { exact: true }).waitFor();
    expect(await replay.getByRole("button").count()).toBe(0);
    expect(await replay.getByRole("slider").count()).toBe(0);
    await replay.getByText("As a table").click();
    expect(await replay.getByRole("row").nth(2).getByRole("cell").allTextContents()).toEqual([
      "3",
      "2",
      "2",
      "2",
      "10",
      "3",
    ]);
    await context.close();
  });
});

describe("the checks of a run with drills", { timeout: patience * 3 }, () => {
  it("say before they are opened which of them have a replay, and open by a click", async () => {
    const { context, page } = await open();
    await page.goto(runPath, { waitUntil: "networkidle" });
    const rows = page.locator("main ol > li > details > summary");
    const [plain, failed, passed] = await rows.allTextContents();
    expect(plain).not.toContain("with a replay of the drill");
    for (const row of [failed, passed]) expect(row).toContain("with a replay of the drill");
    const replay = page.getByRole("region", {
      name: "What the drill saw in “A new version rolls out with no downtime”",
    });
    expect(await replay.isVisible()).toBe(false);
    await rows.nth(2).click();
    await replay.waitFor();
    await context.close();
  });

  it("have a log as high as its lines from the start, and say which check wrote none", async () => {
    const { context, page } = await open();
    // The first page of a browser tells the zone of its reader, in whose words the times then are.
    await page.goto(runPath, { waitUntil: "networkidle" });
    // Nothing comes after the first answer: what its box is high then is what it must stay.
    await page.route("**/api/runs/*/events*", (route) => route.abort());
    await page.goto(runPath);
    const log = page.getByRole("group", { name: "Log", exact: true });
    const before = await log.boundingBox();
    await page.unroute("**/api/runs/*/events*");
    await page.goto(runPath);
    await log.getByRole("heading", { name: /^Machine/ }).waitFor();
    expect(await log.boundingBox()).toEqual(before);
    const show = page.getByRole("button", { name: "Show the log of A killed pod is replaced" });
    await page.getByText("It wrote nothing to the log.").filter({ visible: true }).first().waitFor();
    expect(await show.isDisabled()).toBe(true);
    await context.close();
  });
});

describe("a Kubernetes exercise", { timeout: patience * 3 }, () => {
  it("says before anything is handed in in what it is graded", async () => {
    const { context, page } = await open();
    await page.goto(`/courses/${course.courseSlug}/assignments/tutorial-7/kubernetes-3`);
    const panel = page.getByRole("region", { name: "Graded in a Kubernetes of its own" });
    const said = await panel.textContent();
    for (const part of ["2, and a control plane", "shop", "tools", "restricted"])
      expect(said).toContain(part);
    await context.close();
  });

  it("shows the start of the cluster as a step of the run's road, with its seconds", async () => {
    const { context, page } = await open();
    await page.goto(runPath);
    const road = page.getByRole("list", { name: "Road of the run" });
    expect(await road.getByRole("listitem").nth(2).textContent()).toBe("Kubernetes, finished9 s");
    await context.close();
  });

  it("says why a run waits while the machine is being made, and goes on without a reload", async () => {
    const { context, page } = await open();
    await page.goto(waitingPath);
    await page.getByText(`${waitingReason} Your run keeps its place and starts by itself.`).waitFor();
    await site.web.database.db.run.update({
      where: { id: waitingPath.split("/").at(-1) ?? "" },
      data: { reason: null, reasonCode: null },
    });
    await page.getByText(/^You are next\./).waitFor();
    await site.web.database.db.run.update({
      where: { id: waitingPath.split("/").at(-1) ?? "" },
      data: { reason: waitingReason, reasonCode: "machine_image" },
    });
    await context.close();
  });
});

describe("the pages of a Kubernetes run", { timeout: patience * 5 }, () => {
  const paths = () => [
    runPath,
    waitingPath,
    `/courses/${course.courseSlug}/assignments/tutorial-7/kubernetes-3`,
  ];

  it("pass axe with every check opened and the table shown", async () => {
    const { context, page } = await open();
    for (const path of paths()) {
      await page.goto(path, { waitUntil: "networkidle" });
      await openAll(page);
      expect(await seriousFindings(page), path).toEqual([]);
    }
    await context.close();
  });

  it("fit a phone of 360 pixels, also in the midst of a replay", async () => {
    const { context, page } = await open({ viewport: { width: 360, height: 740 } });
    for (const path of paths()) {
      await page.goto(path, { waitUntil: "networkidle" });
      await openAll(page);
      if (path === runPath) await replayOf(page).getByRole("button", { name: "Go to 5.2 s" }).click();
      expect(await sidewaysScroll(page), path).toBe(0);
      expect(await cellsOffScreen(page), path).toEqual([]);
    }
    await context.close();
  });
});

/** Opens every closed part of the page. */
async function openAll(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.evaluate(() => {
    for (const part of document.querySelectorAll("main details")) (part as HTMLDetailsElement).open = true;
  });
}
