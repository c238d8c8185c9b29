import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { verifyReceipt } from "#course/receipts/verify-receipt.ts";
import {
  cellsOffScreen,
  launchBrowser,
  openContext,
  patience,
  seriousFindings,
  sidewaysScroll,
  signIn,
} from "./support/browser.ts";
import { solutionZip } from "./support/solution-zip.ts";
import { course, type LiveSite, startLiveSite } from "./support/start-live-site.ts";

/** The first start may build the site and the machine's image. */
const startsWithin = 30 * 60_000;
/** A whole run in a real machine, on two busy cores. */
const gradesWithin = 10 * 60_000;

const exercisePath = `/courses/${course}/assignments/tutorial-7/docker-containers`;

let live: LiveSite;
let browser: Browser;
let student: BrowserContext;
let page: Page;
let staff: BrowserContext;
/** Left by the steps for those that follow. */
let runPath = "";
let submissionPath = "";

beforeAll(async () => {
  live = await startLiveSite();
  browser = await launchBrowser();
  student = await openContext(browser, live.site.baseUrl);
  page = await student.newPage();
  staff = await openContext(browser, live.site.baseUrl);
}, startsWithin);

afterAll(async () => {
  await browser?.close();
  await live?.stop();
}, patience * 2);

// Each step stands on those before: once one has failed the others would wait for what never comes, for ten minutes each.
let hasFailed = false;
beforeEach(({ skip, onTestFailed }) => {
  if (hasFailed) skip("A step before it failed.");
  onTestFailed(() => {
    hasFailed = true;
  });
});

describe("a student's way from the tutorial to the score", { timeout: gradesWithin }, () => {
  it("begins with signing in, by keyboard alone, and comes back to where it was asked", async () => {
    await page.goto(`/courses/${course}/assignments/tutorial-7`);
    await page.waitForURL("**/sign-in?next=*");
    const { email, password } = live.person("student");
    await pressUntilFocused(page, 'input[name="email"]');
    await page.keyboard.type(email);
    await pressUntilFocused(page, 'input[name="password"]');
    await page.keyboard.type(password);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/courses/${course}/assignments/tutorial-7`);
  });

  it("reads the tutorial with its points and deadline in sight and code that can be copied", async () => {
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.getByText("points", { exact: false }).first().waitFor();
    // The demo's dates are those of this term: its day, as the syllabus says it.
    await page
      .getByText(/\b[A-Z][a-z]{2} \d{1,2}(, \d{4})?, end of day \(AoE\)/)
      .first()
      .waitFor();
    await page.getByRole("navigation", { name: "On this page" }).waitFor();
    await page.getByRole("button", { name: /^Copy/ }).first().waitFor();
    // At its end the last part is marked, and the way goes on to the next tutorial, and back.
    await page.keyboard.press("End");
    const marked = page.locator("nav[aria-label='On this page'] [aria-current=location]");
    await marked
      .filter({ hasText: /^Hand in$/ })
      .first()
      .waitFor();
    const around = page.getByRole("navigation", { name: "Tutorials before and after" });
    await around.getByRole("link", { name: "Next" }).click();
    await page.waitForURL((url) => !url.pathname.endsWith("/tutorial-7"));
    await around.getByRole("link", { name: "Before Tutorial 7" }).click();
    await page.waitForURL("**/tutorial-7");
    await page.getByRole("link", { name: "Submit", exact: true }).first().click();
    await page.waitForURL(`**${exercisePath}`);
  });

  it("sees which required file is missing before anything is sent", async () => {
    await choose(page, "without-dockerfile.zip", await solutionZip("python", "Dockerfile"));
    await page.getByText('"Dockerfile" is required', { exact: false }).waitFor();
    const missing = page.getByRole("list", { name: "Required files" }).getByText("missing");
    expect(await missing.count()).toBe(1);
  });

  it("reads the server's own sentence when it is sent anyway, and keeps what was handed in before", async () => {
    await page.getByRole("button", { name: "Submit anyway" }).click();
    const refusal = page.getByRole("alert").filter({ hasText: "Not accepted." });
    await refusal.waitFor();
    expect(await refusal.textContent()).toContain("Dockerfile");
  });

  it("hands in the reference solution and watches it being graded to its score", async () => {
    await choose(page, "reference.zip", await solutionZip("python"));
    await page.getByRole("list", { name: "Required files" }).getByText("found").first().waitFor();
    await page.getByRole("button", { name: "Submit", exact: true }).click();
    await page.waitForURL("**/runs/*");
    runPath = new URL(page.url()).pathname;
    // Lines arrive while the machine works, with no reload.
    await page.locator("#L1").waitFor({ timeout: gradesWithin });
    await page
      .getByRole("main")
      .getByText("100 / 100 points", { exact: true })
      .waitFor({ timeout: gradesWithin });
    await page.getByRole("main").getByText("Graded", { exact: true }).first().waitFor();
  });

  it("is told that the machine has ended and what it cost", async () => {
    const truth = page.getByText(/^\$0\.\d+ · machine ended$/);
    await truth.waitFor({ timeout: gradesWithin });
  });

  it("finds a line of the log by searching, and links to it", async () => {
    await page.getByLabel("Search the log").fill("Dockerfile");
    await page.getByText(/^\d+ found$/).waitFor();
    await page.getByLabel("Search the log").press("Enter");
    await page.getByText(/^1 of \d+$/).waitFor();
    await page.goto(`${runPath}#L3`);
    await page.locator("#L3[data-linked]").waitFor();
  });

  it("keeps the line in the address when the page asks for its parts again", async () => {
    await page.addInitScript(() => {
      const write = History.prototype.replaceState;
      History.prototype.replaceState = function (...entry) {
        write.apply(this, entry);
        document.documentElement.dataset.addressWrites = `${addressWrites() + 1}`;
      };
      const addressWrites = () => Number(document.documentElement.dataset.addressWrites ?? 0);
    });
    await page.goto(runPath);
    // What passed is folded.
    await page.getByRole("button", { name: "Unfold all parts" }).click();
    await page.locator("#L2 a").click();
    await page.locator("#L2[data-linked]").waitFor();
    const writes = () => page.evaluate(() => Number(document.documentElement.dataset.addressWrites));
    const before = await writes();
    await page.evaluate("window.next.router.refresh()");
    // The router writes the address that it knows each time it has drawn.
    await expect.poll(writes).toBeGreaterThan(before);
    expect(new URL(page.url()).hash).toBe("#L2");
  });

  it("holds a receipt that verifies against the published key alone", async () => {
    await page.getByRole("link", { name: "Submission", exact: true }).click();
    await page.waitForURL("**/submissions/*");
    submissionPath = new URL(page.url()).pathname;
    await page.getByText("The signed receipt, and how to verify it").click();
    const jws = await page.locator("code").filter({ hasText: /^ey/ }).textContent();
    const keys = await (await page.request.get("/.well-known/jwks.json")).json();
    const verified = await verifyReceipt(jws ?? "", keys);
    expect(verified).toMatchObject({ outcome: "valid" });
    await page.getByText(verified.outcome === "valid" ? verified.claims.sha256 : "").waitFor();
  });
});

describe("what staff see, and students do not", { timeout: gradesWithin }, () => {
  it("is the submission in the list, the refusal with its sentence, and the staff-only output", async () => {
    const desk = await staff.newPage();
    await desk.goto("/sign-in");
    await signIn(desk, live.person("instructor"));
    await desk.goto(`/courses/${course}/submissions/all`);
    await desk.getByText("missing-required").waitFor();
    await desk
      .getByRole("region", { name: "Submissions" })
      .getByRole("link", { name: "Run" })
      .first()
      .click();
    await desk.waitForURL("**/runs/*/staff");
    const output = desk.getByRole("region", { name: "Staff-only output" });
    // Nothing failed: what each check wrote is folded.
    const first = output.locator("details", { has: desk.locator("pre") }).first();
    await first.locator("summary").click();
    await first.locator("pre").waitFor();
    await desk.getByText("Lease until").waitFor();
  });

  it("is nothing that a student finds under the same address", async () => {
    const id = runPath.split("/").at(-1);
    for (const path of [`/runs/${id}/staff`, `/courses/${course}/submissions/all`]) {
      const answer = await student.request.get(path);
      expect(answer.status(), path).toBe(404);
    }
  });
});

describe("before any JavaScript", { timeout: gradesWithin }, () => {
  it("signing in, reading, handing in and the run's state all work", async () => {
    const plain = await openContext(browser, live.site.baseUrl, { javaScriptEnabled: false });
    const bare = await plain.newPage();
    await bare.goto(`/sign-in?next=${encodeURIComponent(exercisePath)}`);
    await signIn(bare, live.person("student"));
    await bare.getByLabel("Your files, or one archive").setInputFiles({
      name: "notes.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("not the work"),
    });
    await bare.getByRole("button", { name: "Submit", exact: true }).click();
    await bare.waitForURL("**?refusal=*");
    await bare.getByRole("alert").filter({ hasText: "notes.txt" }).waitFor();
    await bare.goto(runPath);
    await bare.getByText("100 / 100 points", { exact: true }).waitFor();
    // Text inside noscript is invisible to getByText, so the element itself is asked for.
    const machine = bare.locator("noscript details").first();
    await machine.locator("summary").click();
    await machine.locator("pre").waitFor();
    await plain.close();
  });
});

describe("every page", { timeout: gradesWithin }, () => {
  const pages = () => [
    { who: null, paths: ["/", "/sign-in", "/receipts"] },
    {
      who: student,
      paths: [
        "/",
        `/courses/${course}`,
        `/courses/${course}/assignments/tutorial-7`,
        exercisePath,
        `/courses/${course}/submissions`,
        submissionPath,
        runPath,
        "/courses/no-such-course",
      ],
    },
    {
      who: staff,
      paths: [
        "/",
        `/courses/${course}/submissions/all`,
        `/courses/${course}/assignments/tutorial-7/deadlines`,
        `${runPath}/staff`,
      ],
    },
  ];

  it("fits a phone of 360 pixels without scrolling sideways, and passes axe with no serious finding", async () => {
    for (const { who, paths } of pages()) {
      const context = await openContext(browser, live.site.baseUrl, {
        storageState: await who?.storageState(),
      });
      const looked = await context.newPage();
      for (const path of paths) {
        await looked.setViewportSize({ width: 360, height: 740 });
        await looked.goto(path);
        await looked.getByRole("heading", { level: 1 }).first().waitFor();
        expect(await sidewaysScroll(looked), path).toBe(0);
        expect(await cellsOffScreen(looked), path).toEqual([]);
        await looked.setViewportSize({ width: 1280, height: 720 });
        expect(await seriousFindings(looked), path).toEqual([]);
      }
      await context.close();
    }
  });
});

/** Goes on with Tab, as somebody without a mouse does, until the field has the focus. */
async function pressUntilFocused(on: Page, selector: string): Promise<void> {
  // The page may have put the focus there by itself.
  for (let presses = 0; presses < 30; presses++) {
    if (await on.locator(selector).evaluate((element) => element === document.activeElement)) return;
    await on.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${selector}.`);
}

/** Gives the exercise's page one file, as its button would. */
async function choose(on: Page, name: string, buffer: Buffer): Promise<void> {
  // The label is there once the page has its script.
  const input = on.getByLabel("Files to hand in").first();
  await input.waitFor({ state: "attached" });
  await input.setInputFiles({ name, mimeType: "application/zip", buffer });
}
