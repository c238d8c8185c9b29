import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { type SeededCourse, seedCourse, seededAt } from "#tests/support/seed.ts";
import { fadedTexts, patience, seriousFindings, sidewaysScroll } from "./support/browser.ts";
import { handIn } from "./support/handed-in-work.ts";
import { addPerson, call, type Person } from "./support/people.ts";
import { withWebAndBrowser } from "./support/web-and-browser.ts";

const odd = "app/a b#?%20&'\"<b>.yaml";
/** A picture of one pixel. */
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const program = (greeting: string) =>
  [
    "import os",
    ...Array.from({ length: 20 }, (_, i) => `value_${i} = ${i}`),
    `print("${greeting}")  # said`,
    "# level \u202e admin <script>alert(1)</script>",
    "",
  ].join("\n");

let course: SeededCourse;
let sam: Person;
let ta: Person;
let first: { submissionId: string; runId: string };
let second: { submissionId: string; runId: string };

const files = (path = "") => `/submissions/${second.submissionId}/files${path}`;
const encoded = (path: string) => path.split("/").map(encodeURIComponent).join("/");

const site = withWebAndBrowser(async (web) => {
  const { db } = web.database;
  course = await seedCourse(db, { dueAt: null });
  const { courseSlug } = course;
  sam = await addPerson(web, "Sam Student", [{ course: courseSlug, role: "student", section: "TCSS 562" }]);
  ta = await addPerson(web, "Tia Ta", [{ course: courseSlug, role: "ta", section: null }]);
  const shared = { "README.md": "# Notes\n", "app/main.py": program("hello") };
  first = await handIn(web, course, {
    ...{ userId: sam.userId, number: 1 },
    files: { ...shared, "old.txt": "gone\n" },
  });
  second = await handIn(web, course, {
    ...{ userId: sam.userId, number: 2 },
    files: {
      ...shared,
      "app/main.py": program("good evening"),
      [odd]: "name: web # \u200b\n",
      "app/static/logo.png": png,
      "app/static/evil.svg": '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>\n',
      "app/data.bin": Buffer.from([0, 1, 2, 0, 255]),
      "long.txt": Array.from({ length: 10_050 }, (_, i) => `line ${i + 1}`).join("\n"),
      "one-line.json": JSON.stringify({ a: "x".repeat(400_000) }),
    },
  });
  const ended = { state: "graded" as const, score: 12, maxScore: 20, finishedAt: seededAt };
  await db.run.updateMany({ data: ended });
});

/** Characters of the code on the page, line by line, as they are shown. */
const shownLines = (page: Page) => page.locator("#code code").allTextContents();

describe("what was handed in can be looked at", { timeout: patience * 3 }, () => {
  it("from the submission's page to a file, its lines linked, by keyboard", async () => {
    const { context, page } = await site.openAs(sam);
    await page.goto(`/runs/${second.runId}`);
    await page.getByRole("link", { name: "look at the files" }).click();
    await page
      .getByRole("main")
      .getByRole("link", { name: /main\.py/ })
      .press("Enter");
    await page.waitForURL((url) => url.pathname.endsWith("/files/app/main.py"));
    await expect.poll(() => page.title()).toBe("app/main.py · Drydock");
    expect((await shownLines(page)).slice(0, 2)).toEqual(["import os", "value_0 = 0"]);
    expect((await shownLines(page))[22]).toBe("# level U+202E admin <script>alert(1)</script>");
    expect(await page.locator("#code i").count()).toBeGreaterThan(20);

    await page.getByLabel("Go to line").fill("3-5");
    await page.getByLabel("Go to line").press("Enter");
    expect(new URL(page.url()).hash).toBe("#L3-L5");
    const marked = () => page.locator("#code [data-linked]").evaluateAll((all) => all.map(({ id }) => id));
    expect(await marked()).toEqual(["L3", "L4", "L5"]);
    await page.locator("#L7 a").click();
    await page.locator("#L9 a").click({ modifiers: ["Shift"] });
    expect([new URL(page.url()).hash, await marked()]).toEqual(["#L7-L9", ["L7", "L8", "L9"]]);
    // Whoever is sent the link sees the same.
    await page.goto(`${files("/app/main.py")}#L2-L3`);
    await page.locator("#L3[data-linked]").waitFor();

    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(program("good evening"));
    await context.close();
  });

  it("without JavaScript, hostile names and contents harmless, and only in part where it is long", async () => {
    const { context, page } = await site.openAs(sam, { javaScriptEnabled: false });
    await page.goto(files());
    await page.getByRole("link", { name: /<b>\.yaml/ }).click();
    await page.waitForURL((url) => url.pathname === files(`/${encoded(odd)}`));
    expect(await page.title()).toBe(`${odd} · Drydock`);
    expect(await shownLines(page)).toEqual(["name: web # U+200B"]);
    await page.goto(`${files("/app/main.py")}#L7`);
    expect(await page.locator("#L7:target").count()).toBe(1);

    await page.goto(files("/long.txt"));
    expect(await page.locator("#code code").count()).toBe(10_000);
    expect(await page.getByText("Only the first 10000 lines are shown").isVisible()).toBe(true);
    await page.goto(files("/one-line.json"));
    expect(await page.locator("#code code").count()).toBe(1);
    await page.goto(files("/app/data.bin"));
    expect(await page.getByText("This file is not text.").isVisible()).toBe(true);
    await page.goto(files("/app/static/evil.svg"));
    expect((await shownLines(page))[0]).toContain("<script>");
    expect(await page.locator("main img").count()).toBe(0);
    await page.goto(files("/app/static/logo.png"));
    const width = () => page.locator("main img").evaluate((img) => (img as HTMLImageElement).naturalWidth);
    await expect.poll(width).toBe(1);
    for (const none of ["/not-there", "/app", "/..%2FREADME.md"])
      expect((await page.goto(files(none)))?.status(), none).toBe(404);
    await context.close();
  });

  it("and saved byte by byte, shown by the browser only where it is an image", async () => {
    const get = (path: string) => call(site.web, sam, `/api${files(`/${path}`)}`);
    const saved = await get(encoded(odd));
    expect(await saved.text()).toBe("name: web # \u200b\n");
    expect(saved.headers.get("content-type")).toBe("application/octet-stream");
    expect(saved.headers.get("content-disposition")).toContain("attachment;");
    const image = await get("app/static/logo.png?as=image");
    expect(Buffer.from(await image.arrayBuffer())).toEqual(png);
    expect(image.headers.get("content-type")).toBe("image/png");
    expect(image.headers.get("x-content-type-options")).toBe("nosniff");
    expect(image.headers.get("content-security-policy")).toContain("sandbox");
    for (const none of ["app/static/evil.svg?as=image", "app/main.py?as=image", "nowhere"])
      expect((await get(none)).status, none).toBe(404);
    expect((await get("app/main.py?as=page")).status).toBe(400);
  });

  it("with what changed since the attempt before, and another one to choose", async () => {
    const { context, page } = await site.openAs(ta, { javaScriptEnabled: false });
    await page.goto(`/runs/${second.runId}`);
    await page.goto(`/submissions/${second.submissionId}/changes`);
    const list = page.getByRole("region", { name: "Files" }).getByRole("listitem");
    const rows = (await list.allInnerTexts()).map((row) => row.replace(/\s+/g, " ").trim());
    expect(rows).toContain("changed app/main.py +1 −1 lines");
    expect(rows).toContain("removed old.txt +0 −1 lines");
    expect(rows).toContain("added app/data.bin not text, 5 B");
    expect(rows).toContain("the same 1 other file");
    const diff = page.getByRole("region", { name: "app/main.py" });
    expect(await diff.locator('[data-kind="removed"] code').allTextContents()).toEqual([
      'print("hello")  # said',
    ]);
    expect(await diff.locator('[data-kind="added"] code').allTextContents()).toEqual([
      'print("good evening")  # said',
    ]);
    await diff.getByText("18 unchanged lines").click();
    expect(await diff.getByText("value_3 = 3").isVisible()).toBe(true);

    await page.goto(`/submissions/${first.submissionId}/changes`);
    expect(await page.getByText("There is no attempt before this one.").isVisible()).toBe(true);
    const choose = `/submissions/${first.submissionId}/changes?against=`;
    await page.goto(`${choose}${second.submissionId}`);
    expect(await page.getByLabel("What changed since").inputValue()).toBe(second.submissionId);
    expect((await page.goto(`${choose}sub_00000000000000000000000000`))?.status()).toBe(404);
    await context.close();
  });
});

describe("pages of files, and every other one", { timeout: patience * 3 }, () => {
  it("are legible in the light and in the dark, and no wider than a phone", async () => {
    const { context, page } = await site.openAs(sam, { viewport: { width: 390, height: 844 } });
    const changes = `/submissions/${second.submissionId}/changes`;
    for (const path of [
      files(),
      files("/app/main.py"),
      files("/app/static/logo.png"),
      changes,
      "/receipts",
    ]) {
      await page.goto(path);
      expect(await sidewaysScroll(page), path).toBe(0);
      expect(await fadedTexts(page), path).toEqual([]);
      expect(await seriousFindings(page), path).toEqual([]);
      expect(await fadedTexts(page), `${path} in the dark`).toEqual([]);
    }
    await context.close();
  });

  it("have panels raised above the page in the dark, and log and code below it", async () => {
    const { context, page } = await site.openAs(sam, { colorScheme: "dark" });
    await page.goto(files("/app/main.py"));
    const [header, panel, body, code] = await page.evaluate(() =>
      ["header", "main section", "body", "main section [role=group]"].map((selector) => {
        const found = document.querySelector(selector);
        const [r = 0, g = 0, b = 0] =
          (found ? getComputedStyle(found).backgroundColor : "").match(/\d+/g)?.map(Number) ?? [];
        return { light: r + g + b, blue: b - r };
      }),
    );
    expect(panel?.light).toBeGreaterThan(body?.light ?? 999);
    expect(code?.light).toBeLessThan(body?.light ?? 0);
    expect(header).toEqual(panel);
    for (const part of [header, panel, body, code]) expect(part?.blue).toBeGreaterThan(0);
    await context.close();
  });

  it("print light, with nothing to press and all of it opened", async () => {
    const { context, page } = await site.openAs(sam, { colorScheme: "dark" });
    await page.goto(`/submissions/${second.submissionId}`);
    await page.emulateMedia({ media: "print" });
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      "rgb(255, 255, 255)",
    );
    for (const gone of ["header", "footer", "nav", "main button", "main a.mantine-Button-root"])
      expect(await page.locator(gone).locator("visible=true").count(), gone).toBe(0);
    expect(await page.getByText("Both check the signature").isVisible()).toBe(true);
    expect(await fadedTexts(page)).toEqual([]);
    await context.close();
  });
});

describe("single-key shortcuts", { timeout: patience * 2 }, () => {
  it("can be switched off, all of them, and stay off in this browser", async () => {
    const { context, page } = await site.openAs(sam);
    await page.goto(`/runs/${second.runId}`);
    const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    const search = page.getByLabel("Search the log");
    await page.keyboard.press("/");
    await expect.poll(() => search.evaluate((one) => one === document.activeElement)).toBe(true);
    await search.blur();
    await page.keyboard.press("?");
    await help.waitFor();
    expect(await help.getByRole("rowheader", { name: "c", exact: true }).count()).toBe(0);
    expect(await seriousFindings(page)).toEqual([]);
    await help.getByLabel("Keys without Ctrl or Alt are shortcuts").uncheck();
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "hidden" });

    await page.reload();
    await page.getByRole("button", { name: "Keyboard shortcuts" }).waitFor();
    for (const key of ["/", "?", "g", "h"]) await page.keyboard.press(key);
    expect(await search.evaluate((one) => one === document.activeElement)).toBe(false);
    expect(await help.isVisible()).toBe(false);
    expect(new URL(page.url()).pathname).toBe(`/runs/${second.runId}`);

    // The button opens the list all the same, and there they are switched on again.
    await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
    await help.getByLabel("Keys without Ctrl or Alt are shortcuts").check();
    await help.getByRole("button", { name: "Close" }).click();
    await page.keyboard.press("/");
    await expect.poll(() => search.evaluate((one) => one === document.activeElement)).toBe(true);
    await context.close();
  });
});
