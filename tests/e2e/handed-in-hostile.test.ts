import { randomBytes } from "node:crypto";
import { get as httpGet } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SeededCourse, seedCourse } from "#tests/support/seed.ts";
import { patience } from "./support/browser.ts";
import { handIn } from "./support/handed-in-work.ts";
import { addPerson, call, type Person } from "./support/people.ts";
import { startWeb, type TestWeb } from "./support/start-web.ts";

let web: TestWeb;
let course: SeededCourse;

beforeAll(async () => {
  web = await startWeb();
  course = await seedCourse(web.database.db, { dueAt: null });
}, 15 * 60_000);
afterAll(() => web?.stop(), patience);

const student = (name: string) =>
  addPerson(web, name, [{ course: course.courseSlug, role: "student", section: "TCSS 562" }]);

/** Asks for an address and goes away after so many milliseconds, as a reader who clicks on something else. */
function askAndLeave(person: Person, path: string, afterMs: number): Promise<void> {
  return new Promise((resolve) => {
    const request = httpGet(`${web.baseUrl}${path}`, {
      headers: { authorization: `Bearer ${person.token}` },
    });
    request.on("error", () => undefined);
    request.on("response", (response) => response.on("error", () => undefined));
    setTimeout(() => {
      request.destroy();
      resolve();
    }, afterMs);
  });
}

describe("a reader who goes before a file has begun to arrive", { timeout: patience * 2 }, () => {
  it("holds nobody else's place, nor the next one of their own", async () => {
    const sam = await student("Sam Hasty");
    const { submissionId } = await handIn(web, course, {
      ...{ userId: sam.userId, number: 1 },
      files: { "large.bin": randomBytes(8 * 1024 * 1024), "small.txt": "here\n" },
    });
    const file = (name: string) => `/api/submissions/${submissionId}/files/${name}`;
    for (const afterMs of [5, 20, 40, 60, 80, 120, 200, 300])
      await askAndLeave(sam, file("large.bin"), afterMs);
    await pause(1000);
    const answer = await call(web, sam, file("small.txt"), { signal: AbortSignal.timeout(15_000) });
    expect(await answer.text()).toBe("here\n");
  });
});

/** Makes a page while others are answered: its size, and the longest that anybody waited for a small answer. */
async function heavy(
  person: Person,
  path: string,
): Promise<{ status: number; bytes: number; waited: number }> {
  let made: { status: number; bytes: number } | null = null;
  const page = call(web, person, path).then(async (answer) => {
    made = { status: answer.status, bytes: (await answer.text()).length };
    return made;
  });
  let waited = 0;
  while (made === null) {
    const asked = performance.now();
    await (await fetch(`${web.baseUrl}/api/health`)).text();
    waited = Math.max(waited, performance.now() - asked);
    await pause(50);
  }
  return { ...(await page), waited };
}

const lines = (count: number, salt: string) =>
  Array.from({ length: count }, (_, i) => `value_${i} = max(${i}, "${salt}", [${i}, 2, 3])`).join("\n");

describe("a page about what was handed in stays one that a browser can hold", {
  timeout: patience * 5,
}, () => {
  it.each([
    ["many lines of many files changed", 800, 3_000_000],
    ["files that have nothing in common", 4000, 500_000],
  ])("%s", async (name, count, most) => {
    const sam = await student(`Sam ${count}`);
    const files = (salt: string) =>
      Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`m${n}.py`, lines(count, `${salt}${n}`)]));
    await handIn(web, course, { userId: sam.userId, number: 1, files: files("a") });
    const { submissionId } = await handIn(web, course, { userId: sam.userId, number: 2, files: files("b") });
    const page = await heavy(sam, `/submissions/${submissionId}/changes`);
    expect(page.status, name).toBe(200);
    expect(page.bytes, name).toBeLessThan(most * 2);
  });

  it("as many files as an exercise takes", async () => {
    const sam = await student("Sam Many");
    const files = Object.fromEntries(
      Array.from({ length: 2000 }, (_, n) => [`dir${n % 50}/some/deeper/file-${n}.py`, "x = 1\n"]),
    );
    const { submissionId } = await handIn(web, course, { userId: sam.userId, number: 1, files });
    const list = await heavy(sam, `/submissions/${submissionId}/files`);
    expect(list.bytes).toBeLessThan(2_500_000);
    const file = await heavy(sam, `/submissions/${submissionId}/files/dir0/some/deeper/file-0.py`);
    expect(file.bytes).toBeLessThan(300_000);
  });
});
