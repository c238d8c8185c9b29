import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addPerson, call, type Person } from "#tests/e2e/support/people.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type Entry, pages, routes, type Scene } from "#tests/integration/web/permission-table.ts";
import { type SeededCourse, seedCourse, seedSubmission } from "#tests/support/seed.ts";
import { zipOf } from "#tests/support/submit.ts";

/** Titles that nobody may learn who is not to know the work. */
const secret = { assignment: "SECRET unreleased exam", exercise: "SECRET exam part one" };

let web: TestWeb;
let course: SeededCourse;
let stranger: Person;
let student: Person;
let scene: Scene;

beforeAll(async () => {
  web = await startWeb();
  const { db } = web.database;
  course = await seedCourse(db, { dueAt: null, releasedAt: new Date(Date.now() + 86_400_000) });
  await db.assignment.update({ where: { id: course.assignmentId }, data: { title: secret.assignment } });
  await db.exercise.update({ where: { id: course.exerciseId }, data: { title: secret.exercise } });
  const other = await seedCourse(db, { courseSlug: "other-course" });
  const enroll = (name: string, slug: string) =>
    addPerson(web, name, [{ course: slug, role: "student", section: "TCSS 562" }]);
  stranger = await enroll("Mallory Stranger", other.courseSlug);
  student = await enroll("Early Student", course.courseSlug);
  const { submissionId, runId } = await seedSubmission(db, course);
  scene = {
    ...{ course: course.courseSlug, submissionId, runId, queuedRunId: runId, notGradableRunId: runId },
    archive: new Uint8Array(await zipOf({ Dockerfile: "FROM debian\n" })),
  };
});
afterAll(() => web?.stop());

async function ask(entry: Entry, who: Person, where: Scene) {
  const { path, body } = entry.request(where);
  const [first = ""] = entry.entry.split(" ");
  const method = first.startsWith("/") ? "GET" : first;
  const headers: Record<string, string> = first.startsWith("/")
    ? { accept: "text/html", cookie: who.cookie }
    : {};
  const answer = await call(web, first.startsWith("/") ? null : who, path, { method, body, headers });
  return { status: answer.status, text: await answer.text() };
}

/** Everything that a request could have left behind. */
async function rows() {
  const { db } = web.database;
  const [refusals, submissions, runs, audit, events] = await Promise.all([
    db.uploadRefusal.count(),
    db.submission.count(),
    db.run.count(),
    db.auditEntry.count(),
    db.runEvent.count(),
  ]);
  return { refusals, submissions, runs, audit, events };
}

/** One that says what exists: all but those that are open to everybody. */
const about = [...pages, ...routes].filter((entry) => entry.permission !== "site.view");
describe("a stranger to the course", () => {
  test.each(about.map((entry): [string, Entry] => [entry.entry, entry]))(
    "%s answers as if there were nothing, and nothing is written",
    async (_title, entry) => {
      const before = await rows();
      const asked = await ask(entry, stranger, scene);
      expect(asked.status).toBe(404);
      expect(asked.text).not.toMatch(/SECRET|Software Engineering/);
      expect(await rows()).toEqual(before);
    },
  );

  test("an upload to a foreign exercise is answered, to the letter, as one to an exercise that does not exist", async () => {
    const upload = routes.find((entry) => entry.entry === "POST /api/submissions") as Entry;
    const foreign = await ask(upload, stranger, scene);
    const missing = await ask(upload, stranger, { ...scene, course: "no-such-course" });
    expect(foreign).toEqual(missing);
  });

  test("three hundred uploads to a foreign course leave its staff's page as it was", async () => {
    const before = await rows();
    const upload = routes.find((entry) => entry.entry === "POST /api/submissions") as Entry;
    for (let i = 0; i < 30; i += 1) {
      const some = await Promise.all(Array.from({ length: 10 }, () => ask(upload, stranger, scene)));
      expect(some.every((one) => one.status === 404)).toBe(true);
    }
    expect(await rows()).toEqual(before);
  });
});

describe("a student of the course, before the release", () => {
  /** They announce what comes, with its title and dates, and no more. */
  const announcing = ["/courses/[course]/assignments", "/courses/[course]/schedule"];
  const named = about.filter(
    ({ entry }) =>
      (/assignment|submissions$|search$/.test(entry) || entry === "/courses/[course]") &&
      !announcing.includes(entry),
  );

  test.each(announcing)("%s announces it, with nothing of its exercise and no way in", async (pattern) => {
    const entry = about.find((one) => one.entry === pattern) as Entry;
    const asked = await ask(entry, student, scene);
    expect(asked.status).toBe(200);
    expect(asked.text).not.toContain(secret.exercise);
    expect(asked.text).not.toContain("/assignments/tutorial-7");
  });

  test.each(named.map((entry): [string, Entry] => [entry.entry, entry]))(
    "%s tells no title, and nothing is written",
    async (_title, entry) => {
      const before = await rows();
      const asked = await ask(entry, student, scene);
      expect(asked.text).not.toContain("SECRET");
      if (/assignment/.test(entry.entry) || entry.entry.startsWith("POST")) expect(asked.status).toBe(404);
      expect(await rows()).toEqual(before);
    },
  );

  test("the first page tells no title", async () => {
    const answer = await call(web, null, "/", { headers: { cookie: student.cookie } });
    expect(answer.status).toBe(200);
    expect(await answer.text()).not.toContain("SECRET");
  });
});
