import { beforeEach, describe, expect, it } from "vitest";
import { type SeededCourse, seedCourse, seededAt, seedSubmission } from "#tests/support/seed.ts";
import { patience } from "./support/browser.ts";
import { addStudentAndTa, call, type Person } from "./support/people.ts";
import { withWebAndBrowser } from "./support/web-and-browser.ts";

let course: SeededCourse;
let student: Person;
let ta: Person;
let number = 0;
let runId: string;

const site = withWebAndBrowser(async (web) => {
  course = await seedCourse(web.database.db, { dueAt: null });
  const names = { student: "Stan Student", ta: "Tia Ta" };
  ({ student, ta } = await addStudentAndTa(web, course.courseSlug, names));
});

const notGradable = {
  state: "not_gradable" as const,
  finishedAt: seededAt,
  reason: "The machine was interrupted.",
  platformFaults: 3,
};
const seedRun = async () => {
  number += 1;
  return (await seedSubmission(site.web.database.db, course, { userId: student.userId, number })).runId;
};
beforeEach(async () => {
  const { db } = site.web.database;
  await db.run.updateMany({ where: { state: "queued" }, data: notGradable });
  runId = await seedRun();
});
const setRun = (data: object) => site.web.database.db.run.update({ where: { id: runId }, data });

/** Presses a button that asks first where there is JavaScript. */
async function press(
  path: string,
  word: string,
  person: Person,
  javaScriptEnabled: boolean,
  before: () => Promise<unknown>,
) {
  const { context, page } = await site.openAs(person, { javaScriptEnabled });
  await page.goto(path, { waitUntil: javaScriptEnabled ? "networkidle" : "load" });
  await before();
  await page.getByRole("button", { name: word }).click();
  if (javaScriptEnabled) await page.getByRole("dialog").getByRole("button", { name: word }).click();
  const said = page.getByRole("main").getByRole("alert");
  await said.waitFor();
  const seen = { text: await said.textContent(), path: new URL(page.url()).pathname };
  await context.close();
  return seen;
}

describe.each([true, false])("an act that is refused, with JavaScript: %s", (script) => {
  it("says why a run is not run again: five wait already", { timeout: patience }, async () => {
    await setRun(notGradable);
    const seen = await press(`/runs/${runId}`, "Run again", student, script, async () => {
      for (let waiting = 0; waiting < 5; waiting++) await seedRun();
    });
    expect(seen.text).toMatch(/5 of your submissions to this exercise wait/);
    expect(seen.path).toBe(`/runs/${runId}`);
  });

  it("says why a run is not run again: somebody else has asked meanwhile", {
    timeout: patience,
  }, async () => {
    await setRun(notGradable);
    const seen = await press(`/runs/${runId}`, "Run again", student, script, () =>
      call(site.web, ta, `/api/runs/${runId}/rerun`, { method: "POST" }),
    );
    expect(seen.text).toMatch(/Nothing was done\..*may be run again by its student/);
    expect(seen.path).toBe(`/runs/${runId}`);
  });

  it("says why a run is not cancelled: it has ended", { timeout: patience }, async () => {
    const seen = await press(`/runs/${runId}/staff`, "Cancel run", ta, script, () =>
      setRun({ state: "graded", finishedAt: seededAt, score: 12, maxScore: 20 }),
    );
    expect(seen.text).toMatch(/ended/);
    expect(seen.path).toBe(`/runs/${runId}/staff`);
  });
});

describe("a run that may not be run again now", { timeout: patience }, () => {
  it("offers no button while five wait, and says why", async () => {
    await setRun(notGradable);
    for (let waiting = 0; waiting < 5; waiting++) await seedRun();
    const { context, page } = await site.openAs(student);
    await page.goto(`/runs/${runId}`, { waitUntil: "networkidle" });
    await page.getByText(/5 of your submissions to this exercise wait/).waitFor();
    expect(await page.getByRole("button", { name: "Run again" }).count()).toBe(0);
    await context.close();
  });
});

it("an upload that the database cannot take leaves the files chosen, and one more press hands them in", {
  timeout: patience,
}, async () => {
  const { context, page } = await site.openAs(student);
  await page.goto(`/courses/${course.courseSlug}/assignments/tutorial-7/docker-containers`, {
    waitUntil: "networkidle",
  });
  await page
    .getByLabel("Files to hand in")
    .first()
    .setInputFiles({ name: "Dockerfile", mimeType: "text/plain", buffer: Buffer.from("FROM busybox") });
  const submit = page.getByRole("button", { name: /^Submit/ });
  await submit.waitFor();
  await site.web.database.server.halt();
  await submit.click();
  const said = page.getByRole("alert").filter({ hasText: "Not handed in yet." });
  await said.waitFor();
  expect(await said.textContent()).toMatch(/send it again in a moment/);
  await page.waitForTimeout(1_000);
  expect(await page.getByLabel("Files to hand in").last().textContent()).toContain("Dockerfile");
  await site.web.database.server.resume();
  await expect
    .poll(async () => (await fetch(`${site.web.baseUrl}/sign-in`)).status, { timeout: 15_000 })
    .toBe(200);
  await submit.click();
  await page.waitForURL("**/runs/*");
  await context.close();
});
