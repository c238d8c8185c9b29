import { readFile, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { listFiles } from "#tests/support/submit.ts";
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

const load = () => files.sync();
const edit: CourseFiles["edit"] = (...args) => files.edit(...args);

const exerciseFile = "exercises/docker-containers/exercise.yaml";

describe("syncing a course", () => {
  it("takes teams and work that is only collected as the file says, and changed limits for what comes next", async () => {
    await load();
    const of = (slugOf: string) =>
      database.db.assignment.findFirstOrThrow({ where: { slug: slugOf }, include: { exercises: true } });
    expect(await of("tutorial-9")).toMatchObject({ teamMin: 1, teamMax: 2, teamAcrossSections: false });
    expect((await of("project-report")).exercises).toMatchObject([
      { slug: "work", collectFormats: ["tar.gz", "zip"], collectMegabytes: 100 },
    ]);
    await edit("course.yaml", (t) => t.replace("maxMegabytes: 100", "maxMegabytes: 50"));
    expect((await load()).changes).toHaveLength(1);
    expect((await of("project-report")).exercises).toMatchObject([{ collectMegabytes: 50 }]);
  });

  it("writes all of it, and nothing more when nothing changed", async () => {
    const first = await load();
    expect(first.changes).not.toEqual([]);
    const assignments = await database.db.assignment.findMany({ orderBy: { position: "asc" } });
    expect(assignments.map((row) => row.slug)).toEqual(first.assignments.map((row) => row.slug));
    const tutorial = assignments.find((row) => row.slug === "tutorial-7");
    expect(tutorial?.dueAt?.toISOString()).toBe("2024-12-02T12:00:00.000Z");
    const again = await load();
    expect(again).toEqual({ ...first, changes: [] });
    expect(await database.db.auditEntry.count()).toBe(0);
  });

  it("keeps hidden files and starter by their content, the same bytes wherever and whenever made", async () => {
    const { exercises } = await load();
    const folder = `exercises/${exercises[0]?.hash}`;
    expect(await listFiles(files.storeDir)).toEqual([`${folder}/hidden.tar`, `${folder}/starter.zip`]);
    const read = async () =>
      Promise.all((await listFiles(files.storeDir)).map((file) => readFile(path.join(files.storeDir, file))));
    const first = await read();
    await rm(files.storeDir, { recursive: true });
    expect((await load()).changes).toEqual([]);
    expect(await read()).toEqual(first);
  });

  it("makes a new current version when an exercise changed, keeps the old, and finds it again", async () => {
    const first = await load();
    await edit(exerciseFile, (text) => text.replace(/^title: .*$/m, "title: Another title"));
    const second = await load();
    expect(second.exercises[0]?.versionId).not.toBe(first.exercises[0]?.versionId);
    const versions = await database.db.exerciseVersion.findMany({ where: { current: true } });
    expect(versions.map((version) => version.id)).toEqual([second.exercises[0]?.versionId]);
    await edit(exerciseFile, (text) => `# only a comment\n${text}`);
    expect((await load()).changes).toEqual([]);
    expect(await database.db.exerciseVersion.count()).toBe(2);
  });

  it("audits a deadline that the file moves, with before and after", async () => {
    const { assignments } = await load();
    await edit("course.yaml", (text) => text.replace('due: "2024-12-01"', 'due: "2024-12-04"'));
    expect((await load()).changes).not.toEqual([]);
    const [entry, ...others] = await database.db.auditEntry.findMany();
    expect(others).toEqual([]);
    const tutorial = assignments.find((row) => row.slug === "tutorial-7");
    expect(entry).toMatchObject({
      action: "assignment.changed",
      subject: `assignment:${tutorial?.id}`,
      userId: null,
      before: { dueAt: "2024-12-02T12:00:00.000Z" },
      after: { dueAt: "2024-12-05T12:00:00.000Z" },
    });
  });

  it("leaves the grace that staff set, whatever the file says now, and the audit says that it stands", async () => {
    const { assignments } = await load();
    const id = assignments.find((row) => row.slug === "tutorial-4")?.id ?? "";
    await database.db.assignment.update({ where: { id }, data: { staffGraceSeconds: 600 } });
    expect((await load()).changes).toEqual([]);
    await edit("course.yaml", (text) => text.replace("points: 40\n", "points: 40\n    graceSeconds: 7200\n"));
    expect((await load()).changes).not.toEqual([]);
    const row = await database.db.assignment.findUniqueOrThrow({ where: { id } });
    expect(row).toMatchObject({ graceSeconds: 7200, staffGraceSeconds: 600 });
    const [entry] = await database.db.auditEntry.findMany();
    expect(entry).toMatchObject({
      subject: `assignment:${id}`,
      before: { graceSeconds: 0 },
      after: { graceSeconds: 7200 },
      reason: expect.stringContaining("The grace that staff set, 600 seconds, stands over the file's."),
    });
  });

  it("happens once when two processes sync at the same moment", async () => {
    const [a, b] = await Promise.all([load(), load()]);
    expect([a.changes.length > 0, b.changes.length > 0].sort()).toEqual([false, true]);
    expect({ ...a, changes: [] }).toEqual({ ...b, changes: [] });
  });
});

describe("a course with a mistake is not taken at all, and the mistake is named with file and line when", () => {
  it.each<[string, (text: string) => string, string, string]>([
    [
      "a key is unknown",
      (t) => t.replace("timeZone:", "colour: red\ntimeZone:"),
      "colour:",
      "is not a setting here",
    ],
    [
      "a zone is none",
      (t) => t.replace("America/Los_Angeles", "Pacific/Tacoma"),
      "timeZone:",
      "AoE or a name",
    ],
    [
      "a date does not exist",
      (t) => t.replace('"2024-12-01"', '"2024-11-31"'),
      '"2024-11-31"',
      "does not exist",
    ],
    ["a kind is unknown", (t) => t.replace("kind: project", "kind: essay"), "kind: essay", "kind"],
    [
      "a page is missing",
      (t) => t.replace("tutorial-7.mdx", "tutorial-77.mdx"),
      "tutorial-77",
      "write the page",
    ],
    [
      "an exercise is missing",
      (t) => t.replace("[docker-containers]", "[docker-nothing]"),
      "docker-nothing",
      "not a folder",
    ],
    ["a slug is used twice", (t) => t.replace("slug: tutorial-8", "slug: tutorial-7"), "", "listed twice"],
    [
      "the slug is not the folder's",
      (t) => t.replace(`slug: ${slug}`, "slug: other"),
      "slug: other",
      "must be",
    ],
  ])("%s", async (_what, change, at, why) => {
    await edit("course.yaml", change);
    const [problem] = await files.problems();
    expect(problem?.file).toBe(`${slug}/course.yaml`);
    expect(problem?.message).toContain(why);
    if (at !== "") expect(problem?.line).toBe(await files.lineOf("course.yaml", at));
    expect(await database.db.course.count()).toBe(0);
    expect(await listFiles(files.storeDir)).toEqual([]);
  });

  it("an exercise has one", async () => {
    await edit(exerciseFile, (text) => text.replace(/^title: .*$/m, "titel: x"));
    const problems = await files.problems();
    expect(problems[0]).toMatchObject({
      file: `${slug}/${exerciseFile}`,
      line: expect.any(Number),
    });
    expect(await database.db.course.count()).toBe(0);
  });

  it("a hidden file is a link", async () => {
    await symlink(
      "/etc/hostname",
      path.join(files.contentDir, slug, "exercises/docker-containers/hidden/link"),
    );
    expect(await files.problems()).toMatchObject([{ file: expect.stringMatching(/hidden\/link$/) }]);
  });

  it("there is no such course", async () => {
    await rm(path.join(files.contentDir, slug), { recursive: true });
    expect(await files.problems()).toMatchObject([{ message: "is missing; make it" }]);
  });

  it("it no longer lists an exercise that has submissions, and then changes nothing else either", async () => {
    const { exercises, course } = await load();
    const [exercise] = exercises;
    if (exercise === undefined) throw new Error("no exercise");
    await database.db.user.create({ data: { id: "usr_1", name: "Sam", email: "sam@example.edu" } });
    await database.db.submission.create({
      data: {
        id: "sub_1",
        exerciseId: exercise.id,
        userId: "usr_1",
        number: 1,
        fileName: "work.zip",
        sha256: "a".repeat(64),
        bytes: 1,
        files: [],
        storageKey: "submissions/sub_1",
        receivedAt: now,
        late: false,
        receiptJws: "x",
      },
    });
    await edit("course.yaml", (t) =>
      t.replace("exercises: [docker-containers]", "exercises: []").replace(/^title: .*$/m, "title: Renamed"),
    );
    const problems = await files.problems();
    expect(problems[0]?.message).toContain(
      "exercise docker-containers is no longer listed, but has 1 submissions",
    );
    const row = await database.db.course.findUniqueOrThrow({ where: { id: course.id } });
    expect(row.title).not.toBe("Renamed");
  });

  it("it no longer lists an assignment of which students have an extension", async () => {
    const { assignments, course } = await load();
    const assignmentId = assignments.find((row) => row.slug === "tutorial-4")?.id ?? "";
    const section = await database.db.section.findFirstOrThrow({ where: { courseId: course.id } });
    await database.db.user.create({
      data: {
        ...{ id: "usr_1", name: "Sam", email: "sam@example.edu" },
        enrollments: {
          create: { id: "enr_1", courseId: course.id, sectionId: section.id, role: "student" },
        },
      },
    });
    await database.db.extension.create({
      data: {
        ...{ id: "ext_1", assignmentId, userId: "usr_1", grantedById: "usr_1", reason: "ill" },
        dueAt: new Date("2025-01-01T00:00:00Z"),
      },
    });
    await edit("course.yaml", (t) => t.replace("slug: tutorial-4", "slug: tutorial-four"));
    const [problem] = await files.problems();
    expect(problem?.message).toContain(
      "assignment tutorial-4 is no longer listed, but students have extensions",
    );
    expect(await database.db.extension.count()).toBe(1);
  });

  it("it no longer lets students form teams, or lists an assignment, for which there are some", async () => {
    const { assignments } = await load();
    const assignmentId = assignments.find((row) => row.slug === "tutorial-9")?.id ?? "";
    await database.db.team.create({ data: { id: "tea_1", assignmentId, createdAt: now } });
    const said = "assignment tutorial-9 has teams (1) that students made";
    await edit("course.yaml", (t) => t.replace("\n    team: { min: 1, max: 2 }", ""));
    expect((await files.problems())[0]?.message).toContain(said);
    await edit("course.yaml", (t) => t.replace("slug: tutorial-9", "slug: tutorial-nine"));
    expect((await files.problems())[0]?.message).toContain(said);
    expect(await database.db.team.count()).toBe(1);
  });

  it("but what nobody has used is removed with the files", async () => {
    await load();
    await edit("course.yaml", (t) => t.replace("exercises: [docker-containers]", "exercises: []"));
    expect((await load()).exercises).toEqual([]);
    expect(await database.db.exercise.count({ where: { collectMegabytes: null } })).toBe(0);
  });
});
