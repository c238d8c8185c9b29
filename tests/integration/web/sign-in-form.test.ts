import { afterAll, beforeAll, expect, test } from "vitest";
import { addPerson, call, type Person } from "#tests/e2e/support/people.ts";
import { sendPlainForm } from "#tests/e2e/support/plain-form.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { seedCourse } from "#tests/support/seed.ts";

let web: TestWeb;
let student: Person;

beforeAll(async () => {
  web = await startWeb();
  const { courseSlug } = await seedCourse(web.database.db);
  student = await addPerson(web, "Nora Noscript", [
    { course: courseSlug, role: "student", section: "TCSS 562" },
  ]);
});
afterAll(() => web?.stop());

/** Sends the page's own form as a browser without JavaScript does: its hidden fields and what was typed. */
async function signIn(next: string, typed: Record<string, string>, headers: Record<string, string> = {}) {
  const page = `/sign-in?next=${encodeURIComponent(next)}`;
  return sendPlainForm(web, null, { page, field: "password", typed, headers });
}

test("before JavaScript has loaded the form signs in, sets the cookie and goes on to where the reader wanted", async () => {
  const answer = await signIn("/runs/run_1?x=1", { email: student.email, password: student.password });
  expect(answer.status).toBe(303);
  expect(answer.headers.get("location")).toMatch(/\/runs\/run_1\?x=1$/);
  const [line] = answer.headers.getSetCookie();
  expect(line).toMatch(/HttpOnly/i);
  expect(line).toMatch(/SameSite=lax/i);
  const cookie = line?.split(";")[0] ?? "";
  const session = await call(web, null, "/api/auth/get-session", { headers: { cookie } });
  expect(await session.json()).toMatchObject({ user: { id: student.userId } });
});

test("a wrong password shows a sentence, keeps the address that was typed and sets no cookie", async () => {
  const answer = await signIn("/", { email: student.email, password: "not the password" });
  expect(answer.status).toBe(200);
  expect(answer.headers.getSetCookie()).toEqual([]);
  const page = await answer.text();
  expect(page).toContain("E-mail or password is wrong.");
  expect(page).toContain(`value="${student.email}"`);
});

test("signing in never leads to another site", async () => {
  const answer = await signIn("/.//evil.example/", { email: student.email, password: student.password });
  const location = new URL(answer.headers.get("location") ?? "", web.baseUrl);
  expect(location.origin).toBe(web.baseUrl);
});

test("another site's form cannot sign a reader in", async () => {
  const typed = { email: student.email, password: student.password };
  const answer = await signIn("/", typed, { origin: "https://evil.example" });
  expect(answer.headers.getSetCookie()).toEqual([]);
  expect(answer.status).toBeGreaterThanOrEqual(400);
});
