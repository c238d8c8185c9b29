import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { tellStaff } from "#infra/db/notices/notice-store.ts";
import { addPerson, addStudentAndTa, call, type Person } from "#tests/e2e/support/people.ts";
import { hiddenFields, postForm, sendPlainForm } from "#tests/e2e/support/plain-form.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type SeededCourse, seedCourse, seededAt } from "#tests/support/seed.ts";

let web: TestWeb;
let course: SeededCourse;
let people: Record<"student" | "ta" | "elsewhere", Person>;

beforeAll(async () => {
  web = await startWeb();
  const { db } = web.database;
  course = await seedCourse(db, { dueAt: null });
  const other = await seedCourse(db, { courseSlug: "other-course" });
  const { courseSlug } = course;
  people = {
    ...(await addStudentAndTa(web, courseSlug, { student: "Stan Student", ta: "Tia Ta" })),
    elsewhere: await addPerson(web, "Elsa Elsewhere", [
      { course: other.courseSlug, role: "instructor", section: null },
    ]),
  };
});
afterAll(() => web?.stop());

const told = { reason: "The machine was lost three times.", count: 3 };
beforeEach(async () => {
  const { db } = web.database;
  await db.notice.deleteMany();
  const context = { tx: db, told: [] };
  for (const minute of [0, 5, 7]) {
    const now = new Date(seededAt.getTime() + minute * 60_000);
    const notice = {
      action: "run.not_gradable",
      subject: `exercise:${course.exerciseId}`,
      reason: told.reason,
    } as const;
    await tellStaff({ ...context, now }, notice);
  }
});
const tellPlatform = () =>
  tellStaff(
    { tx: web.database.db, told: [], now: seededAt },
    { action: "fleet.misconfigured", subject: "provider:docker", reason: "No machine can be started." },
  );
const home = async (person: Person) =>
  (await call(web, null, "/", { headers: { cookie: person.cookie } })).text();

describe("the first page", () => {
  test("shows staff what needs them: what, where its runs are, how often, first and last with a zone, and a way out", async () => {
    const page = await home(people.ta);
    expect(page).toContain("Runs could not be graded");
    expect(page).toContain(told.reason);
    const list = `/courses/${course.courseSlug}/submissions/all?state=not_gradable&amp;exercise=docker-containers`;
    expect(page).toContain(`href="${list}"`);
    const text = page.replaceAll("<!-- -->", "").replaceAll(/<[^>]+>/g, "");
    const seen = /Seen 3 times, first (.*?), last (.*?)Mark as done/.exec(text)?.slice(1);
    expect(seen).toEqual(["Tue, Nov 12, 2024, 6:00 PM UTC", "Tue, Nov 12, 2024, 6:07 PM UTC"]);
    expect(page).toContain("Mark as done");
    expect(page).toContain('aria-label="1 open notice"');
  });

  test("shows staff of another course what concerns the platform, and nothing of this course", async () => {
    await tellPlatform();
    expect(await home(people.elsewhere)).toContain("No machine can be started.");
    expect(await home(people.elsewhere)).not.toContain(told.reason);
    expect(await home(people.ta)).toContain('aria-label="2 open notices"');
  });

  test("shows a student none of it", async () => {
    await tellPlatform();
    const page = await home(people.student);
    for (const text of [told.reason, "No machine can be started.", "open notice"])
      expect(page).not.toContain(text);
  });

  test("leads from a notice about a machine to the machines, and shows as code what is to be typed", async () => {
    const notice = { action: "machine-image.old", subject: "image:engine", reason: "It is old." } as const;
    await tellStaff({ tx: web.database.db, told: [], now: seededAt }, notice);
    const page = await home(people.ta);
    expect(page).toContain(`href="/courses/${course.courseSlug}/fleet/images"`);
    expect(page).toContain("<code>drydock machine refresh</code>");
    expect(page.replaceAll(/<script\b.*?<\/script>/gs, "")).not.toContain("`");
  });

  test("says what will be here while nothing is open", async () => {
    await web.database.db.notice.deleteMany();
    expect(await home(people.ta)).toContain("Nothing waits for you.");
  });
});

describe("a notice", () => {
  const row = () => web.database.db.notice.findFirstOrThrow();

  test("that is marked as done is folded away, can be undone, and both are audited", async () => {
    const { id } = await row();
    const sent = await sendPlainForm(web, people.ta, { page: "/", field: "close", typed: {} });
    expect(sent.status).toBe(303);
    expect(sent.headers.get("location")).toContain(`/?done=${id}`);
    expect(await row()).toMatchObject({ closedById: people.ta.userId });
    const page = await (
      await call(web, null, `/?done=${id}`, { headers: { cookie: people.ta.cookie } })
    ).text();
    expect(page).toContain("is marked as done.");
    expect(page).toContain("Marked as done by");
    const undone = await sendPlainForm(web, people.ta, { page: `/?done=${id}`, field: "reopen", typed: {} });
    expect(undone.status).toBe(303);
    expect(await row()).toMatchObject({ closedAt: null, closedById: null });
    const audit = await web.database.db.auditEntry.findMany({
      where: { subject: `notice:${id}` },
      orderBy: { at: "asc" },
    });
    expect(audit).toMatchObject([
      { action: "notice.close", userId: people.ta.userId },
      { action: "notice.reopen", userId: people.ta.userId },
    ]);
  });

  test("is not closed by a student or by another course's staff who send the form all the same", async () => {
    const page = await home(people.ta);
    const form = [...page.matchAll(/<form\b[^>]*>.*?<\/form>/gs)].find(([html]) =>
      html.includes(' name="close"'),
    );
    const fields = hiddenFields(form?.[0] ?? "");
    expect(fields).toHaveProperty("notice");
    for (const person of [people.student, people.elsewhere, null]) {
      await (await postForm(web, person, "/", fields)).text();
      expect(await row()).toMatchObject({ closedAt: null });
    }
  });
});

describe("the fleet page", () => {
  const page = () => `/courses/${course.courseSlug}/fleet`;
  const send = (person: Person, typed: Record<string, string>) =>
    sendPlainForm(web, person, { page: page(), field: "name", typed });
  const read = async (person: Person, path: string) =>
    (await call(web, null, path, { headers: { cookie: person.cookie } })).text();

  test("stops the fleet once its name is typed and a reason given, tells staff, and starts it again", async () => {
    const { db } = web.database;
    const refused = await send(people.ta, { name: "lokal", reason: "It runs away.", how: "drain" });
    expect(await refused.text()).toContain("Type “local”, the name of this Drydock.");
    expect(await (await send(people.ta, { name: "local", reason: " " })).text()).toContain("Say why");
    expect(await db.fleetStop.count()).toBe(0);

    const stopped = await send(people.ta, { name: "local", reason: "It runs away." });
    expect(stopped.status).toBe(303);
    expect(stopped.headers.get("location")).toContain(`${page()}?done=stopped`);
    expect(await read(people.ta, `${page()}?done=stopped`)).toContain("The fleet is stopped: no machine");
    expect(await read(people.elsewhere, "/")).toContain("Tia Ta stopped the fleet (“It runs away.”)");
    const json = await read(people.ta, `${page()}.json`);
    expect(JSON.parse(json)).toMatchObject({ fleet: { stop: { by: "Tia Ta" } }, spend: { today: {} } });

    expect((await send(people.ta, { name: "local", reason: "Mended." })).status).toBe(303);
    expect(await db.fleetStop.count()).toBe(0);
    const audit = await db.auditEntry.findMany({ where: { subject: "fleet:all" }, orderBy: { at: "asc" } });
    expect(audit.map(({ action, userId }) => [action, userId])).toEqual([
      ["fleet.stop", people.ta.userId],
      ["fleet.resume", people.ta.userId],
    ]);
  });

  test("is stopped by no student and no other course's staff who send the form all the same", async () => {
    const form = /<form\b[^>]*>(?:(?!<\/form>).)* name="name".*?<\/form>/s.exec(
      await read(people.ta, page()),
    );
    const fields = { ...hiddenFields(form?.[0] ?? ""), name: "local", reason: "r" };
    expect(fields).toHaveProperty("course");
    for (const person of [people.student, people.elsewhere, null])
      await (await postForm(web, person, page(), fields)).text();
    expect(await web.database.db.fleetStop.count()).toBe(0);
  });

  test("says what will be here, and what a forgotten machine costs", async () => {
    const text = (await read(people.ta, page())).replaceAll("<!-- -->", "").replaceAll(/<[^>]+>/g, " ");
    for (const sentence of [
      "No machine runs.",
      "No run of this course waits.",
      "Nothing has cost anything yet.",
    ])
      expect(text).toContain(sentence);
    for (const usd of ["$0.78", "$5.48", "$23.78", "$285.42"]) expect(text).toContain(usd);
  });
});
