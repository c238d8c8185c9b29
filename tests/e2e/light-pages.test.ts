import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { makeDemoCourse } from "#bin/demo/demo-course.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { loadConfig } from "#infra/config/config.ts";
import { syncCourse } from "#infra/course-loader/sync-course.ts";
import { openFileStore } from "#infra/storage/open-file-store.ts";
import { type SeededClass, seedClass } from "#tests/support/pages/seed-class.ts";
import { type SitePage, sitePages } from "#tests/support/pages/site-pages.ts";
import { weighPage } from "#tests/support/pages/weigh-page.ts";
import { patience } from "./support/browser.ts";
import { type Person, signInAs } from "./support/people.ts";
import { withWebAndBrowser } from "./support/web-and-browser.ts";

// In its ninth week, so that there is work ahead.
const dataDir = await mkdtemp(path.join(tmpdir(), "drydock-course-"));
const course = await makeDemoCourse({ contentDir: path.resolve("content"), dataDir, now: systemClock() });
const courseSlug = course.slug;
afterAll(() => rm(dataDir, { recursive: true, force: true }));
let seeded: SeededClass;
let people: Record<"student" | "instructor", Person>;

const site = withWebAndBrowser(
  async (web) => {
    const { db, url } = web.database;
    const config = loadConfig({ ...process.env, DATABASE_URL: url, DRYDOCK_DATA_DIR: web.dataDir });
    await syncCourse({ db, files: await openFileStore(config), ...course, clock: systemClock });
    seeded = await seedClass(db, { courseSlug, students: 3, now: systemClock() });
    people = {
      student: await signInAs(web, seeded.student),
      instructor: await signInAs(web, seeded.instructor),
    };
  },
  { DRYDOCK_CONTENT_DIR: course.contentDir },
);

/** What a reader does not notice. A text set anew in another font, or a table that grows, moves a page by 0.1 and more. */
const unnoticed = 0.05;

const weighed = async (one: Pick<SitePage, "as" | "path">) => {
  const { context } = await site.openAs(one.as === null ? null : people[one.as]);
  return { context, ...(await weighPage(context, site.web.baseUrl, one.path)) };
};

describe("a browser with nothing kept", { timeout: patience * 5 }, () => {
  it("loads no more JavaScript for a page than its budget, fetches no page ahead, and nothing jumps", async () => {
    const found: string[] = [];
    for (const one of sitePages(seeded)) {
      const { context, weight } = await weighed(one);
      if (weight.script > one.scriptBytes) {
        found.push(`${one.name}: ${weight.script} bytes of JavaScript, over ${one.scriptBytes}`);
      }
      if (weight.ahead.length > 0) found.push(`${one.name} fetched ahead ${weight.ahead.join(", ")}`);
      if (weight.shift > unnoticed) found.push(`${one.name} moved by ${weight.shift}`);
      expect(weight.script, one.name).toBeGreaterThan(10_000);
      await context.close();
    }
    expect(found).toEqual([]);
  });

  it("fetches a page ahead when its link is pointed at, and opens it without loading the site anew", async () => {
    const { context, page } = await weighed({ as: "student", path: `/courses/${courseSlug}` });
    const link = page.getByRole("link", { name: "Tutorial 7: Introduction to Docker" }).first();
    const ahead = page.waitForRequest(
      (request) =>
        request.url().includes("/tutorial-7") && request.headers()["next-router-prefetch"] !== undefined,
    );
    await link.hover();
    await ahead;
    await page.evaluate(() => Object.assign(window, { kept: true }));
    await link.click();
    await page.getByRole("heading", { level: 1, name: "Introduction to Docker" }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/courses/${courseSlug}/assignments/tutorial-7`);
    expect(await page.evaluate(() => "kept" in window)).toBe(true);
    await context.close();
  });
});
