import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { BrowserContext, Page, Route } from "playwright-core";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { zoneCookie } from "#app/_ui/shell/zone-cookie.ts";
import { type SeededCourse, seedCourse, seedSubmission } from "#tests/support/seed.ts";
import { zipOf } from "#tests/support/submit.ts";
import { patience, seriousFindings, sidewaysScroll, signIn } from "./support/browser.ts";
import { addPerson, type Person } from "./support/people.ts";
import { withWebAndBrowser } from "./support/web-and-browser.ts";

const required = ["Dockerfile", "app/", "README.md", "run.sh", "tests/"];
const upload = "**/api/submissions?*";

let course: SeededCourse;
let exercise: string;
let folder: string;
let zip: Buffer;
/** Of each test its own: how fast one hands in is bounded. */
let student: Person;
let context: BrowserContext;
let page: Page;

const site = withWebAndBrowser(async (web) => {
  const limits = { packedBytes: 200_000, unpackedBytes: 1_000_000, entries: 100 };
  course = await seedCourse(web.database.db, { dueAt: null, spec: { requiredFiles: required, limits } });
  exercise = `/courses/${course.courseSlug}/assignments/tutorial-7/docker-containers`;
  folder = path.join(await mkdtemp(path.join(tmpdir(), "drydock-kept-")), "work");
  const files = Object.fromEntries(required.map((name) => [name.endsWith("/") ? `${name}x.py` : name, "x"]));
  zip = await zipOf(files);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
});

afterAll(async () => {
  if (folder) await rm(path.dirname(folder), { recursive: true, force: true });
});

const addStudent = (name: string) =>
  addPerson(site.web, name, [{ course: course.courseSlug, role: "student", section: "TCSS 562" }]);

beforeEach(async () => {
  student = await addStudent("Sam Student");
  ({ context, page } = await site.openAs(student));
  // Told beforehand, or the page asks for itself again, which without a session leads away from it.
  await context.addCookies([{ name: zoneCookie, value: "America%2FLos_Angeles", url: site.web.baseUrl }]);
  return () => context.close();
});

const submit = () => page.getByRole("button", { name: "Submit", exact: true });
const said = () => page.getByRole("main").getByRole("alert");
const handedIn = () => site.web.database.db.submission.count({ where: { userId: student.userId } });
const signOut = () => site.web.database.db.session.deleteMany({ where: { userId: student.userId } });

/** Opens the exercise and waits for its script. */
async function open(): Promise<void> {
  await page.goto(exercise);
  await page.getByRole("button", { name: "Choose files" }).waitFor();
}

async function choose(name = "work.zip", buffer = zip): Promise<void> {
  await page
    .getByLabel("Files to hand in")
    .first()
    .setInputFiles({ name, mimeType: "application/zip", buffer });
  await page.getByRole("status").filter({ hasText: name }).waitFor();
}

const chooseAndKeep = async () => {
  await choose();
  await page.getByText("Kept in this browser").waitFor();
};

async function handIn(): Promise<void> {
  await submit().click();
  await page.waitForURL("**/runs/*");
  expect(await handedIn()).toBe(1);
}

/** Signs in on the sign-in page at hand, as whoever's test this is. */
const signInAgain = (on: Page) => signIn(on, student);

/** Answers a request for posted work; others go on. */
const onPost = (answer: (route: Route) => Promise<void>) =>
  page.route(upload, (route) => (route.request().method() === "POST" ? answer(route) : route.continue()));

describe("files that were chosen before the page has its script", { timeout: patience }, () => {
  it.each([
    ["files", "#plain-files", () => ({ name: "work.zip", mimeType: "application/zip", buffer: zip })],
    ["a folder", "#plain-folder", () => folder],
  ] as const)("are taken over: %s", async (_what, input, chosen) => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route("**/_next/static/**/*.js", async (route) => {
      await released;
      await route.continue();
    });
    await page.goto(exercise, { waitUntil: "commit" });
    await page.locator(input).setInputFiles(chosen());
    release();
    await page.getByText("5 files").first().waitFor();
    expect(await page.getByRole("list", { name: "Required files" }).getByText("found").count()).toBe(5);
    await handIn();
  });
});

describe("a session that has ended", { timeout: patience }, () => {
  it("loses nothing: the page says so, signing in in a new tab leads back, and one press sends the files", async () => {
    await open();
    await choose();
    await signOut();
    await submit().click();
    await said().filter({ hasText: "you are signed out" }).waitFor();
    expect(new URL(page.url()).pathname).toBe(exercise);
    const [tab] = await Promise.all([
      context.waitForEvent("page"),
      page.getByRole("link", { name: "Sign in (in a new tab)" }).click(),
    ]);
    await signInAgain(tab);
    expect(new URL(tab.url()).pathname).toBe(exercise);
    await tab.close();
    await handIn();
  });

  it("loses nothing on the way through signing in on the same page either", async () => {
    await open();
    await choose();
    await signOut();
    await submit().click();
    await said().filter({ hasText: "find them again if you sign in on this page" }).waitFor();
    await page.reload();
    await signInAgain(page);
    await said()
      .filter({ hasText: /These files were chosen here .* and not sent/ })
      .waitFor();
    await handIn();
  });

  it("hands nothing in under the name of somebody who has signed in since", async () => {
    await open();
    await choose();
    const other = await addStudent("Olga Other");
    await become(other);
    await submit().click();
    await said().filter({ hasText: "Olga Other has signed in in this browser" }).waitFor();
    expect(await site.web.database.db.submission.count({ where: { userId: other.userId } })).toBe(0);
    await become(student);
    await handIn();
  });
});

async function become(person: Person): Promise<void> {
  const [name = "", value = ""] = person.cookie.split(/=(.*)/s);
  await context.addCookies([{ name, value, url: site.web.baseUrl }]);
}

it("a form that was sent without JavaScript after the session's end is sent again by loading the answer anew", {
  timeout: patience,
}, async () => {
  await context.close();
  ({ context, page } = await site.openAs(student, { javaScriptEnabled: false }));
  await page.goto(exercise);
  // A file of the disk, as a person's is: one that a script made up ends with its page.
  const file = path.join(path.dirname(folder), "work.zip");
  await writeFile(file, zip);
  await page.locator("#plain-files").setInputFiles(file);
  const cookies = await context.cookies();
  await context.clearCookies();
  await page.getByRole("button", { name: "Submit" }).click();
  await page.getByRole("heading", { name: "Not handed in: you are signed out." }).waitFor();
  expect(await page.getByRole("link", { name: "Sign in" }).getAttribute("target")).toBe("_blank");
  await context.addCookies(cookies);
  await page.reload();
  await page.waitForURL("**/runs/*");
  expect(await handedIn()).toBe(1);
});

describe("a page that is loaded again before the files were sent", { timeout: patience }, () => {
  it("offers them again with when they were chosen, and one press drops them for good", async () => {
    await open();
    await chooseAndKeep();
    await page.reload();
    await said()
      .filter({ hasText: /These files were chosen here .*\d:\d\d .* and not sent/ })
      .waitFor();
    await page.getByText("work.zip, 5 files").waitFor();
    await page.getByRole("button", { name: "Remove" }).click();
    expect(await focusedText(page)).toBe("Choose files");
    await page.reload();
    await offersNothing();
  });

  it("offers them to nobody else, not after a day, and not after signing out", async () => {
    await open();
    await chooseAndKeep();
    await become(await addStudent("Olga Other"));
    await offersNothing();
    await become(student);
    await page.clock.setFixedTime(Date.now() + 25 * 3_600_000);
    await offersNothing();
    await page.clock.setFixedTime(Date.now());
    await open();
    await chooseAndKeep();
    await page.getByRole("button", { name: "Sign out" }).first().click();
    await page.waitForURL((url) => url.pathname === "/sign-in");
    await signInAgain(page);
    await offersNothing();
  });

  it("says of an upload that arrived meanwhile that it did, instead of offering it", async () => {
    await open();
    await chooseAndKeep();
    await sendAndLoseAnswer({ askable: true });
    await page.reload();
    await said().filter({ hasText: "they are your submission 1" }).waitFor();
    expect(await page.getByText("work.zip, 5 files").count()).toBe(0);
  });

  it("sends it as the same submission where the server could not be asked", async () => {
    await open();
    await chooseAndKeep();
    await sendAndLoseAnswer({ askable: false });
    await page.reload();
    await said().filter({ hasText: "Whether they arrived cannot be asked" }).waitFor();
    await handIn();
  });

  it("promises nothing where the browser keeps nothing, and hands in all the same", async () => {
    await page.addInitScript(() => {
      indexedDB.open = () => {
        throw new DOMException("Not here.", "SecurityError");
      };
    });
    await open();
    await choose();
    await submit().waitFor();
    expect(await page.getByText("Kept in this browser").count()).toBe(0);
    await handIn();
  });
});

it("never offers older files in the place of newer ones that the browser had no room for", {
  timeout: patience,
}, async () => {
  await open();
  await chooseAndKeep();
  await page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("No room.", "QuotaExceededError");
    };
  });
  await page
    .getByLabel("Files to hand in")
    .first()
    .setInputFiles({ name: "newer.zip", mimeType: "application/zip", buffer: zip });
  await page.getByRole("status").filter({ hasText: "newer.zip" }).waitFor();
  await handIn();
  await offersNothing();
});

/** The page after its answer about kept files, were there any. */
async function offersNothing(): Promise<void> {
  await open();
  await page.waitForTimeout(500);
  expect(await said().count()).toBe(0);
  expect(await submit().count()).toBe(0);
}

/** The server takes the upload, and the page never hears of it. askable: whether it hears what became of it later. */
async function sendAndLoseAnswer({ askable }: { askable: boolean }): Promise<void> {
  let lost = false;
  await page.route(upload, async (route) => {
    if (route.request().method() === "GET") return askable ? route.continue() : route.abort();
    if (lost) return route.continue();
    lost = true;
    await route.fetch();
  });
  await submit().click();
  await expect.poll(handedIn).toBe(1);
}

const focusedText = (on: Page) => on.evaluate(() => document.activeElement?.textContent ?? "");

it("a line that breaks is told, and one press sends the same upload again", {
  timeout: patience,
}, async () => {
  await open();
  await choose();
  const keys: (string | undefined)[] = [];
  await onPost(async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    await (keys.length === 1 ? route.abort("internetdisconnected") : route.continue());
  });
  await submit().click();
  await said().filter({ hasText: "Not handed in yet." }).waitFor();
  expect(await said().textContent()).toMatch(/connection broke|offline/);
  await handIn();
  expect(keys).toEqual([keys[0], keys[0]]);
});

describe.each([
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
])("at $width pixels", { timeout: patience }, (viewport) => {
  const inSight = async (what: ReturnType<Page["getByRole"]>) => {
    const box = await what.boundingBox();
    return box !== null && box.y >= 0 && box.y + box.height <= viewport.height;
  };

  it("checklist and Submit are in sight once files were chosen by keyboard, and so is a refusal, with the focus", async () => {
    await page.setViewportSize(viewport);
    await open();
    await page.getByRole("button", { name: "Choose files" }).focus();
    const opened = page.waitForEvent("filechooser");
    // Keys take another way into the browser than the wish to hear of the dialog, which must be there first.
    expect(await focusedText(page)).toBe("Choose files");
    await page.keyboard.press("Enter");
    const chooser = await opened;
    const wrong = await zipOf({ dockerfile: "x", "App/main.py": "x", "README.md": "x" });
    await chooser.setFiles({ name: "wrong.zip", mimeType: "application/zip", buffer: wrong });
    await page.getByText("wrong.zip, 3 files").waitFor();
    await expect.poll(() => focusedText(page)).toContain("wrong.zip");
    const list = page.getByRole("list", { name: "Required files" });
    const anyway = page.getByRole("button", { name: "Submit anyway" });
    expect(await inSight(list)).toBe(true);
    expect(await inSight(anyway)).toBe(true);
    expect(await page.getByRole("button", { name: "Choose files" }).isVisible()).toBe(false);
    for (let presses = 0; presses < 6 && (await focusedText(page)) !== "Submit anyway"; presses++) {
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    const refusal = said().filter({ hasText: "Not accepted." });
    await refusal.waitFor();
    expect(await refusal.textContent()).toMatch(
      /"Dockerfile", "app\/" are required, but the submission has "dockerfile", "App\/main.py"/,
    );
    await expect.poll(() => focusedText(page)).toContain("Not accepted.");
    expect(await inSight(refusal)).toBe(true);
    expect(await sidewaysScroll(page)).toBe(0);
    expect(await seriousFindings(page)).toEqual([]);
  });
});

describe("what the server would surely refuse", { timeout: patience }, () => {
  it.each([
    ["too large", "big.zip", () => Buffer.alloc(300_000, "PK\u0003\u0004"), 'big.zip" has 293 KB'],
    ["a text called zip", "notes.zip", () => Buffer.from("my notes"), "is a text file, not a zip"],
  ])("is not sent at all: %s", async (_what, name, bytes, reason) => {
    await open();
    await choose(name, bytes());
    await said().filter({ hasText: reason }).waitFor();
    expect(await page.getByRole("button", { name: /^Submit/ }).count()).toBe(0);
    expect(await page.getByRole("button", { name: "Choose files" }).isVisible()).toBe(true);
  });
});

describe("what a new submission takes the place of", { timeout: patience }, () => {
  it.each([
    [12, "No. 1 has 12 of 20. A new one replaces it, even if it scores less.", "filled"],
    [20, "No. 1 has 20 of 20. That is all there is.", "default"],
  ])("is said before the upload, of %i points", async (score, sentence, variant) => {
    const { db } = site.web.database;
    const { runId } = await seedSubmission(db, course, { userId: student.userId });
    const at = new Date();
    await db.run.update({
      where: { id: runId },
      data: { state: "graded", finishedAt: at, score, maxScore: 20 },
    });
    await open();
    await page.getByText(sentence).waitFor();
    await page.goto(`/runs/${runId}`);
    const again = page.getByRole("link", { name: "Submit again" });
    expect(await again.getAttribute("data-variant")).toBe(variant);
  });
});
