import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureUser } from "#infra/auth/ensure-user.ts";
import { addPerson, call, type Person } from "#tests/e2e/support/people.ts";
import { sendPlainForm } from "#tests/e2e/support/plain-form.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type SeededCourse, seedCourse } from "#tests/support/seed.ts";

let web: TestWeb;
let course: SeededCourse;
let student: Person;

beforeAll(async () => {
  web = await startWeb();
  course = await seedCourse(web.database.db);
  student = await addPerson(web, "Ada Account", [
    { course: course.courseSlug, role: "student", section: "TCSS 562" },
  ]);
});
afterAll(() => web?.stop());

const post = (pathname: string, body: object, headers: Record<string, string> = {}) =>
  fetch(`${web.baseUrl}${pathname}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: web.baseUrl, ...headers },
    body: JSON.stringify(body),
  });
const signIn = (email: string, password: string, headers: Record<string, string> = {}) =>
  post("/api/auth/sign-in/email", { email, password }, headers);
const sessionOf = async (headers: Record<string, string>) =>
  (await (await fetch(`${web.baseUrl}/api/auth/get-session`, { headers })).json()) as {
    user: { id: string };
  } | null;

test("the session cookie cannot be read by scripts, is not sent by other sites' forms, and is signed", async () => {
  const answer = await signIn(student.email, student.password);
  const [cookie] = answer.headers.getSetCookie();
  expect(cookie).toMatch(
    /^drydock\.session_token=[^;]+\.[^;]+; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/,
  );
  const value = cookie?.split(";")[0] ?? "";
  expect((await sessionOf({ cookie: value }))?.user.id).toBe(student.userId);
  expect(await sessionOf({ cookie: value.replace(/\.(.)/, ".A") })).toBeNull();
});

test("a session lives in Postgres: deleted there, cookie and token are worth nothing", async () => {
  const answer = await signIn(student.email, student.password);
  const token = answer.headers.get("set-auth-token") ?? "";
  const bearer = { authorization: `Bearer ${token}` };
  expect((await sessionOf(bearer))?.user.id).toBe(student.userId);
  await web.database.db.session.deleteMany({ where: { token: token.split(".")[0] } });
  expect(await sessionOf(bearer)).toBeNull();
});

test("signing out ends the session", async () => {
  const [cookie] = (await signIn(student.email, student.password)).headers.getSetCookie();
  const headers = { cookie: cookie?.split(";")[0] ?? "", origin: web.baseUrl };
  expect((await post("/api/auth/sign-out", {}, headers)).status).toBe(200);
  expect(await sessionOf(headers)).toBeNull();
});

test("a bad bearer token is nobody, also beside a good cookie", async () => {
  const answer = await fetch(`${web.baseUrl}/api/runs/run_1`, {
    headers: { authorization: "Bearer forged.token", cookie: student.cookie },
  });
  expect(answer.status).toBe(401);
});

test("a wrong password and an unknown address answer alike", async () => {
  const wrong = await signIn(student.email, "wrong password");
  const unknown = await signIn("nobody@example.edu", "wrong password");
  expect([wrong.status, unknown.status]).toEqual([401, 401]);
  expect(await wrong.json()).toEqual(await unknown.json());
});

test("after ten wrong passwords for one account from one address even the right one has to wait", async () => {
  const victim = await addPerson(web, "Vic Guessed");
  const tries = Array.from({ length: 14 }, (_, i) => signIn(victim.email.toUpperCase(), `guess ${i}`));
  const statuses = (await Promise.all(tries)).map((answer) => answer.status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(10);
  expect(statuses.filter((status) => status === 429)).toHaveLength(4);
  const right = await signIn(victim.email, victim.password);
  expect(right.status).toBe(429);
  expect(((await right.json()) as { message: string }).message).toMatch(/Wait 15 minutes/);
  expect(Number(right.headers.get("retry-after"))).toBeGreaterThan(0);
  // Others are not held up, and the count is in Postgres, where every web process sees it.
  expect((await signIn(student.email, student.password)).status).toBe(200);
  const counted = await web.database.db.signInTry.findMany();
  expect(counted.filter((row) => row.key.startsWith("account-from|") && row.count === 10)).toHaveLength(1);
  expect(JSON.stringify(counted)).not.toContain("vic.guessed");
});

test("a right password forgets the wrong ones before it", async () => {
  const person = await addPerson(web, "Typo Tom");
  for (let round = 0; round < 2; round += 1) {
    for (let i = 0; i < 7; i += 1) expect((await signIn(person.email, "typo typo typo")).status).toBe(401);
    expect((await signIn(person.email, person.password)).status).toBe(200);
  }
});

test("nobody makes an account or resets a password by themselves; what is not needed is not there", async () => {
  const before = await web.database.db.user.count();
  for (const [endpoint, body] of [
    ["sign-up/email", { email: "me@example.edu", password: "long enough pass", name: "Me" }],
    ["update-user", { name: "Root" }],
    ["delete-user", {}],
    ["sign-in/social", { provider: "github" }],
  ] as const) {
    const answer = await post(`/api/auth/${endpoint}`, body, { authorization: `Bearer ${student.token}` });
    expect(answer.status, endpoint).toBe(404);
  }
  expect(await web.database.db.user.count()).toBe(before);
});

test("another site cannot sign a reader in or out", async () => {
  const evil = { origin: "https://evil.example" };
  expect((await signIn(student.email, student.password, evil)).status).toBe(403);
  expect((await post("/api/auth/sign-out", {}, { ...evil, cookie: student.cookie })).status).toBe(403);
  expect((await sessionOf({ cookie: student.cookie }))?.user.id).toBe(student.userId);
});

test("the secret that signs sessions is made once and readable by its owner only", async () => {
  const file = path.join(web.dataDir, "auth-secret");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await readFile(file, "utf8")).length).toBeGreaterThanOrEqual(32);
});

test("ensureUser run again changes nothing; a new role is audited and a new password ends the sessions", async () => {
  const { db } = web.database;
  const person = await addPerson(web, "Rita Role");
  const wanted = {
    db,
    email: ` ${person.email.toUpperCase()} `,
    name: "Rita Role",
    password: person.password,
  };
  const asTa = { course: course.courseSlug, role: "ta" as const, section: null };
  await ensureUser({ ...wanted, enrollments: [asTa] });
  const snapshot = async () => ({
    users: await db.user.count(),
    accounts: await db.account.findMany({ where: { userId: person.userId } }),
    enrollments: await db.enrollment.findMany({ where: { userId: person.userId } }),
    audit: await db.auditEntry.count(),
  });
  const before = await snapshot();
  expect(await ensureUser({ ...wanted, enrollments: [asTa] })).toEqual({ userId: person.userId });
  expect(await snapshot()).toEqual(before);
  expect((await call(web, person, "/api/runs/run_1")).status).toBe(404);

  await ensureUser({
    ...wanted,
    password: "another long one",
    enrollments: [{ ...asTa, role: "instructor" }],
  });
  const [entry] = await db.auditEntry.findMany({
    where: { action: "enrollment.role" },
    orderBy: { at: "desc" },
    take: 1,
  });
  expect(entry).toMatchObject({ before: { role: "ta" }, after: { role: "instructor" }, userId: null });
  expect((await call(web, person, "/api/runs/run_1")).status).toBe(401);
  expect((await signIn(person.email, "another long one")).status).toBe(200);
});

test("a person changes the password with the old one, which ends the other sessions", async () => {
  const person = await addPerson(web, "Paula Password");
  const other = (await signIn(person.email, person.password)).headers.get("set-auth-token");
  const change = (currentPassword: string) =>
    post(
      "/api/auth/change-password",
      { currentPassword, newPassword: "a much better one", revokeOtherSessions: true },
      { authorization: `Bearer ${person.token}` },
    );
  expect((await change("not the old one")).status).toBe(400);
  expect((await change(person.password)).status).toBe(200);
  expect(await sessionOf({ authorization: `Bearer ${other}` })).toBeNull();
  expect((await signIn(person.email, person.password)).status).toBe(401);
  expect((await signIn(person.email, "a much better one")).status).toBe(200);
});

test("two ensureUser for one new person at once make one user with one password", async () => {
  const { db } = web.database;
  const wanted = {
    db,
    email: "twice@example.edu",
    name: "Twice",
    password: "correct horse battery",
    enrollments: [],
  };
  const made = await Promise.all([ensureUser(wanted), ensureUser(wanted), ensureUser(wanted)]);
  expect(new Set(made.map((one) => one.userId)).size).toBe(1);
  expect(await db.account.count({ where: { user: { email: "twice@example.edu" } } })).toBe(1);
});

test("ensureUser names the course or section that does not exist", async () => {
  const wanted = {
    db: web.database.db,
    email: "lost@example.edu",
    name: "Lost",
    password: "correct horse battery",
  };
  const enroll = (slug: string, section: string | null) =>
    ensureUser({ ...wanted, enrollments: [{ course: slug, role: "student", section }] });
  await expect(enroll("no-such-course", null)).rejects.toThrow("no-such-course");
  await expect(enroll(course.courseSlug, "999")).rejects.toThrow("TCSS 462, TCSS 562");
});

describe("the form before JavaScript has loaded", () => {
  let nora: Person;
  beforeAll(async () => {
    nora = await addPerson(web, "Nora Noscript", [
      { course: course.courseSlug, role: "student", section: "TCSS 562" },
    ]);
  });

  /** Sends the page's own form as a browser without JavaScript does: its hidden fields and what was typed. */
  async function signInByForm(
    next: string,
    typed: Record<string, string>,
    headers: Record<string, string> = {},
  ) {
    const page = `/sign-in?next=${encodeURIComponent(next)}`;
    return sendPlainForm(web, null, { page, field: "password", typed, headers });
  }

  test("signs in, sets the cookie and goes on to where the reader wanted", async () => {
    const answer = await signInByForm("/runs/run_1?x=1", { email: nora.email, password: nora.password });
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toMatch(/\/runs\/run_1\?x=1$/);
    const [line] = answer.headers.getSetCookie();
    expect(line).toMatch(/HttpOnly/i);
    expect(line).toMatch(/SameSite=lax/i);
    const cookie = line?.split(";")[0] ?? "";
    const session = await call(web, null, "/api/auth/get-session", { headers: { cookie } });
    expect(await session.json()).toMatchObject({ user: { id: nora.userId } });
  });

  test("a wrong password shows a sentence, keeps the address that was typed and sets no cookie", async () => {
    const answer = await signInByForm("/", { email: nora.email, password: "not the password" });
    expect(answer.status).toBe(200);
    expect(answer.headers.getSetCookie()).toEqual([]);
    const page = await answer.text();
    expect(page).toContain("E-mail or password is wrong.");
    expect(page).toContain(`value="${nora.email}"`);
  });

  test("signing in never leads to another site", async () => {
    const answer = await signInByForm("/.//evil.example/", { email: nora.email, password: nora.password });
    const location = new URL(answer.headers.get("location") ?? "", web.baseUrl);
    expect(location.origin).toBe(web.baseUrl);
  });

  test("another site's form cannot sign a reader in", async () => {
    const typed = { email: nora.email, password: nora.password };
    const answer = await signInByForm("/", typed, { origin: "https://evil.example" });
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });
});
