import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { type CourseFiles, copyCourseFiles, now, slug } from "./course-files.ts";

let database: TestDatabase;
let files: CourseFiles;

beforeEach(async () => {
  database = await startTestDatabase();
  files = await copyCourseFiles(() => database);
});
afterEach(async () => {
  await database.close();
  await files.remove();
});

const moveDue = (to: string) =>
  files.edit("course.yaml", (text) => text.replace(/due: "2024-11-2[3-9]"/, `due: "${to}"`));
const tutorial6 = () => database.db.assignment.findFirstOrThrow({ where: { slug: "tutorial-6" } });
const setDue = async (dueAt: string) =>
  database.db.assignment.update({ where: { id: (await tutorial6()).id }, data: { dueAt } });

describe("what staff edited on the site", () => {
  it("stays while the file says what it said", async () => {
    await files.sync();
    await setDue("2024-11-26T12:00:00.000Z");
    const { changes, conflicts } = await files.sync();
    expect({ changes, conflicts }).toEqual({ changes: [], conflicts: [] });
    expect((await tutorial6()).dueAt?.toISOString()).toBe("2024-11-26T12:00:00.000Z");
  });

  it("stays when the file changes too, and the conflict is open once, until they agree", async () => {
    await files.sync();
    await setDue("2024-11-26T12:00:00.000Z");
    await moveDue("2024-11-24");
    for (let times = 0; times < 2; times++) {
      const { changes, conflicts } = await files.sync();
      expect(changes).toEqual([]);
      expect(conflicts).toMatchObject([
        {
          ...{ subject: "assignment tutorial-6", field: "dueAt" },
          ...{ file: "2024-11-25T12:00:00.000Z", site: "2024-11-26T12:00:00.000Z" },
        },
      ]);
    }
    expect(await database.db.editConflict.findMany()).toMatchObject([
      {
        ...{ baseValue: "2024-11-24T12:00:00.000Z", fileValue: "2024-11-25T12:00:00.000Z" },
        ...{ siteValue: "2024-11-26T12:00:00.000Z", settledAt: null },
      },
    ]);
    await moveDue("2024-11-25");
    expect((await files.sync()).conflicts).toEqual([]);
    expect(await database.db.editConflict.findMany()).toMatchObject([{ settledAt: now, settledById: null }]);
  });

  it("is neither overwritten nor removed by an announcement or office hours that the file changes or drops", async () => {
    await files.sync();
    const { db } = database;
    await db.announcement.update({
      where: { courseId_slug: { courseId: await courseId(), slug: "kubernetes-labs" } },
      data: { title: "Six labs" },
    });
    await db.officeHours.updateMany({ where: { slug: "tuesday" }, data: { place: "CP 301" } });
    await rm(path.join(files.contentDir, slug, "announcements/kubernetes-labs.md"));
    await files.edit("schedule.yaml", (text) => text.replace("place: CP 229", "place: CP 230"));
    const { conflicts } = await files.sync();
    expect(conflicts.map(({ subject, field }) => [subject, field])).toEqual([
      ["office hours tuesday", "place"],
      ["announcement kubernetes-labs", "*"],
    ]);
    expect(await db.announcement.findFirst({ where: { slug: "kubernetes-labs" } })).toMatchObject({
      title: "Six labs",
    });
    expect(await db.officeHours.findFirst({ where: { slug: "tuesday" } })).toMatchObject({ place: "CP 301" });
  });

  it("and what they made there is left alone, also where a file of its name comes later", async () => {
    await files.sync();
    const made = { title: "Ours", body: "Here", publishAt: now, courseId: await courseId() };
    await database.db.announcement.create({ data: { id: "ann_1", slug: "ours", ...made } });
    expect((await files.sync()).changes).toEqual([]);
    const text = "---\ntitle: Theirs\npublish: 2024-11-14T12:00\n---\nThere\n";
    await writeFile(path.join(files.contentDir, slug, "announcements/ours.md"), text);
    const { conflicts } = await files.sync();
    expect(conflicts.map(({ field }) => field)).toEqual(["title", "body"]);
    expect(await database.db.announcement.findUnique({ where: { id: "ann_1" } })).toMatchObject(made);
  });
});

describe("an edit that cannot stand beside what the file says now", () => {
  const line = (text: string) => files.lineOf("course.yaml", text);

  it("is said in one sentence with both values and the fix, and nothing is changed", async () => {
    await files.sync();
    await database.db.assignment.update({
      where: { id: (await tutorial6()).id },
      data: { releasedAt: "2024-11-20T20:00:00.000Z" },
    });
    await files.edit("course.yaml", (text) => text.replace('due: "2024-11-23"', 'due: "2024-11-19"'));
    const before = await tutorial6();
    const [problem, ...others] = await files.problems();
    expect(others).toEqual([]);
    expect(problem).toEqual({
      ...{ file: `${slug}/course.yaml`, line: await line('due: "2024-11-19"') },
      message:
        "assignment tutorial-6: the release that staff set on the site, Wed, Nov 20, 2024, 12:00 PM PST, must lie before the file's due date, Tue, Nov 19, 2024, end of day (AoE). State another due date, or take the file's release on the site's page of its deadlines",
    });
    expect(await tutorial6()).toEqual(before);
    expect(await database.db.editConflict.count()).toBe(0);
  });

  it("also of office hours that would end before they start", async () => {
    await files.sync();
    await database.db.officeHours.updateMany({ where: { slug: "tuesday" }, data: { fromTime: "15:15" } });
    await files.edit("schedule.yaml", (text) => text.replace('to: "15:30"', 'to: "15:00"'));
    expect(await files.problems()).toMatchObject([
      {
        message:
          "office hours tuesday: with what staff set on the site they would be from 15:15 to 15:00. State a later end, or take the file's on the site's page of office hours",
      },
    ]);
  });
});

describe("a slug that is another one now", () => {
  it("keeps the assignment, and its old name leads to it", async () => {
    await files.sync();
    const { id } = await tutorial6();
    const rename = (text: string) =>
      text.replace("slug: tutorial-6\n", "slug: serverless-databases\n    formerly: [tutorial-6]\n");
    await files.edit("course.yaml", rename);
    const { changes } = await files.sync();
    expect(changes).toEqual([
      {
        ...{ subject: "assignment serverless-databases", what: "renamed" },
        fields: [{ field: "slug", before: "tutorial-6", after: "serverless-databases" }],
      },
    ]);
    expect(await database.db.formerSlug.findMany()).toMatchObject([{ slug: "tutorial-6", assignmentId: id }]);
    expect((await files.sync()).changes).toEqual([]);
  });
});

describe("a dry run", () => {
  it("says what a sync would do, and does nothing", async () => {
    const first = await files.sync(true);
    expect(first.changes[0]).toMatchObject({ subject: `course ${slug}`, what: "added" });
    expect(await database.db.course.count()).toBe(0);
    await files.sync();
    await moveDue("2024-11-24");
    expect((await files.sync(true)).changes).toEqual([
      {
        ...{ subject: "assignment tutorial-6", what: "changed" },
        fields: [{ field: "dueAt", before: "2024-11-24T12:00:00.000Z", after: "2024-11-25T12:00:00.000Z" }],
      },
    ]);
    expect((await tutorial6()).dueAt?.toISOString()).toBe("2024-11-24T12:00:00.000Z");
  });
});

describe("a file beside course.yaml that is wrong is named with its line, and nothing is taken:", () => {
  it.each<[string, string, (text: string) => string, string, string]>([
    [
      "a day that does not exist",
      "schedule.yaml",
      (t) => t.replace("date: 2024-11-21", "date: 2024-11-31"),
      "2024-11-31",
      "does not exist",
    ],
    [
      "a class outside the term",
      "schedule.yaml",
      (t) => t.replace("date: 2024-09-26", "date: 2024-09-20"),
      "date: 2024-09-20",
      "is not in the term",
    ],
    [
      "two classes at once",
      "schedule.yaml",
      (t) => t.replace("date: 2024-11-21", "date: 2024-11-19"),
      "",
      "Classes 16 and 17 are at the same time",
    ],
    [
      "a class in a break",
      "schedule.yaml",
      (t) => t.replace("date: 2024-11-26", "date: 2024-11-28"),
      "date: 2024-11-28",
      "no classes: Thanksgiving",
    ],
    [
      "a class that ends before it starts",
      "schedule.yaml",
      (t) => t.replace("    title: Kubernetes\n", '    title: Kubernetes\n    to: "15:00"\n'),
      'to: "15:00"',
      "ends before it starts",
    ],
    [
      "slides that a browser would run",
      "schedule.yaml",
      (t) => t.replace("    title: Kubernetes\n", "    title: Kubernetes\n    slides: javascript:alert(1)\n"),
      "javascript",
      "https://",
    ],
    [
      "office hours of another weekday",
      "schedule.yaml",
      (t) => t.replace("date: 2024-11-29, cancelled", "date: 2024-11-28, cancelled"),
      "date: 2024-11-28, cancelled",
      "is a Thursday, and these are on Friday",
    ],
    [
      "an announcement without a head",
      "announcements/kubernetes-labs.md",
      (t) => t.replace("---\n", ""),
      "title",
      "has no head",
    ],
    [
      "an announcement at no time",
      "announcements/kubernetes-labs.md",
      (t) => t.replace("2024-11-21T18:05", "2024-11-21T25:05"),
      "publish",
      "does not exist",
    ],
    [
      "a paper twice",
      "papers.yaml",
      (t) => t.replace("slug: goldfish", "slug: footprinter"),
      "",
      "listed twice",
    ],
  ])("%s", async (_what, file, change, at, why) => {
    await files.edit(file, change);
    const [problem] = await files.problems();
    expect(problem?.file).toBe(`${slug}/${file}`);
    expect(problem?.message).toContain(why);
    if (at !== "") {
      expect(problem?.line).toBe(await files.lineOf(file, at));
    }
    expect(await database.db.course.count()).toBe(0);
  });
});

const courseId = async () => (await database.db.course.findUniqueOrThrow({ where: { slug } })).id;
