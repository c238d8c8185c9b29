import path from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permissions } from "#app/_server/access/permissions.ts";
import { createDiskStore } from "#infra/storage/disk.ts";
import { addPerson, call, type Person } from "#tests/e2e/support/people.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type SeededCourse, seedCourse, seededAt, seedSubmission } from "#tests/support/seed.ts";
import { zipOf } from "#tests/support/submit.ts";
import { seedSurveyClass } from "#tests/support/surveys/seed-survey-class.ts";
import { actions, type Entry, pages, type RoleName, roles, routes, type Scene } from "./permission-table.ts";
import { readEntries } from "./read-entries.ts";

const names = (entries: Entry[]) => [...new Set(entries.map((one) => one.entry))].sort();
const stated = (entries: Entry[]) => Object.fromEntries(entries.map((one) => [one.entry, one.permission]));

describe("every entry from outside states its permission", async () => {
  const found = await readEntries();

  test("no page, route or action is missing in the table, and none in the table is gone", () => {
    expect([...found.pages.keys()].sort()).toEqual(names(pages));
    expect([...found.routes.keys()].sort()).toEqual(names(routes));
    expect([...found.actions.keys()].sort()).toEqual(Object.keys(actions).sort());
  });

  test("each page gives the table's permission to requirePage, and its file no other", () => {
    expect(Object.fromEntries(found.pages)).toEqual(
      Object.fromEntries(pages.map((page) => [page.entry, [page.permission]])),
    );
  });

  test("each route handler is made by route() and each action by action(), with the table's permission", () => {
    expect(Object.fromEntries(found.routes)).toEqual(stated(routes));
    expect(Object.fromEntries(found.actions)).toEqual(actions);
  });

  test("no function smuggles itself in as a server action", () => {
    expect(found.inlineActions).toEqual([]);
  });

  test("every permission is used by some entry", () => {
    const used = [...pages, ...routes].map((one) => one.permission).concat(Object.values(actions));
    expect([...new Set(used)].sort()).toEqual(Object.keys(permissions).sort());
  });
});

describe("each role gets what the table says", () => {
  let web: TestWeb;
  let course: SeededCourse;
  let people: Record<RoleName, Person | null>;
  let archive: Uint8Array<ArrayBuffer>;

  beforeAll(async () => {
    web = await startWeb();
    course = await seedCourse(web.database.db, { dueAt: null });
    const other = await seedCourse(web.database.db, { courseSlug: "other-course" });
    const announced = { title: "Slides", body: "Up.", publishAt: seededAt, courseId: course.courseId };
    await web.database.db.announcement.create({ data: { id: "ann_1", slug: "slides", ...announced } });
    await seedSurveyClass(web.database.db, course.courseId, new Date());
    archive = new Uint8Array(await zipOf({ Dockerfile: "FROM debian\n" }));
    const enroll = (name: string, slug: string, role: "student" | "ta" | "instructor") =>
      addPerson(web, name, [{ course: slug, role, section: role === "student" ? "TCSS 562" : null }]);
    people = {
      nobody: null,
      owner: await enroll("Olive Owner", course.courseSlug, "student"),
      classmate: await enroll("Carl Classmate", course.courseSlug, "student"),
      outsider: await enroll("Otto Outsider", other.courseSlug, "student"),
      ta: await enroll("Tara Ta", course.courseSlug, "ta"),
      instructor: await enroll("Ina Instructor", course.courseSlug, "instructor"),
    };
  });
  afterAll(() => web?.stop());

  async function makeScene(): Promise<Scene> {
    const { db } = web.database;
    const seed = async () => {
      const userId = people.owner?.userId ?? "";
      // The owner hands in through the API too, so the next number is the database's.
      const { _max } = await db.submission.aggregate({ where: { userId }, _max: { number: true } });
      return seedSubmission(db, course, { userId, number: (_max.number ?? 0) + 1 });
    };
    const ended = { claimedAt: seededAt, finishedAt: seededAt };
    const graded = await seed();
    await db.run.update({
      where: { id: graded.runId },
      data: { ...ended, state: "graded", score: 20, maxScore: 20 },
    });
    const files = createDiskStore(path.join(web.dataDir, "files"));
    await files.put(`submissions/${graded.submissionId}`, Readable.from([Buffer.from(archive)]));
    const failed = await seed();
    await db.run.update({
      where: { id: failed.runId },
      data: { ...ended, state: "not_gradable", reason: "The machine went silent." },
    });
    // Of the scenes before: so many of one student's runs may wait, and no more.
    await db.run.updateMany({
      where: { state: "queued" },
      data: { ...ended, state: "cancelled", reason: "Over." },
    });
    const queued = await seed();
    return {
      course: course.courseSlug,
      submissionId: graded.submissionId,
      runId: graded.runId,
      queuedRunId: queued.runId,
      notGradableRunId: failed.runId,
      archive,
    };
  }

  async function walk(entry: Entry, ask: (scene: Scene, person: Person | null) => Promise<Response>) {
    const got: Partial<Record<RoleName, number>> = {};
    for (const role of roles) {
      const answer = await ask(await makeScene(), people[role]);
      await answer.arrayBuffer();
      got[role] = answer.status;
    }
    expect(got).toEqual(Object.fromEntries(roles.map((role, i) => [role, entry.expected[i]])));
  }

  const titled = (entries: Entry[]) => entries.map((one) => [one.entry, one.permission, one] as const);

  test.each(titled(routes))("%s (%s)", async (_title, _permission, entry) => {
    const method = entry.entry.split(" ")[0];
    await walk(entry, (scene, person) => {
      const { path: url, body } = entry.request(scene);
      return call(web, person, url, { method, body });
    });
  });

  test.each(titled(pages))("page %s (%s)", async (_title, _permission, entry) => {
    await walk(entry, async (scene, person) => {
      const { path: url } = entry.request(scene);
      const headers: Record<string, string> = { accept: "text/html" };
      if (person) headers.cookie = person.cookie;
      const answer = await call(web, null, url, { headers });
      if (!person && answer.status === 307) {
        const location = new URL(answer.headers.get("location") ?? "", web.baseUrl);
        expect(`${location.pathname}?next=${location.searchParams.get("next")}`).toBe(`/sign-in?next=${url}`);
      }
      return answer;
    });
  });

  test("what one may not know of answers exactly like what does not exist", async () => {
    const { runId } = await makeScene();
    const hidden = await call(web, people.outsider, `/api/runs/${runId}`);
    const missing = await call(web, people.outsider, "/api/runs/run_00000000000000000000000000");
    expect(hidden.status).toBe(missing.status);
    expect(await hidden.text()).toBe(await missing.text());
  });

  test("an assignment that is not released is hidden from students and open to staff", async () => {
    const hidden = await seedCourse(web.database.db, {
      courseSlug: "later-course",
      dueAt: null,
      releasedAt: new Date(Date.now() + 86_400_000),
    });
    const enroll = (role: "student" | "ta") =>
      addPerson(web, `Early ${role}`, [
        { course: hidden.courseSlug, role, section: role === "student" ? "TCSS 562" : null },
      ]);
    const open = async (person: Person) =>
      (
        await call(web, null, `/courses/${hidden.courseSlug}/assignments/tutorial-7`, {
          headers: { cookie: person.cookie },
        })
      ).status;
    expect(await open(await enroll("student"))).toBe(404);
    expect(await open(await enroll("ta"))).toBe(200);
  });
});
