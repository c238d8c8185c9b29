import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#course/ids.ts";
import { addPerson, call, type Person } from "#tests/e2e/support/people.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type SeededCourse, seedCourse, seededAt, seedSubmission } from "#tests/support/seed.ts";
import { type Entry, pages, routes, type Scene } from "./permission-table.ts";

/** Stands in every place of the database that only staff may read. */
const canary = "CANARY-right-answer-4711";

let web: TestWeb;
let course: SeededCourse;
let student: Person;
let ta: Person;
let scenes: Scene[];

beforeAll(async () => {
  web = await startWeb();
  const { db } = web.database;
  // A check's settings hold what is right.
  const secret = { needs: [], timeoutSeconds: 30, with: { output: { equals: canary } } };
  const checks = [
    { id: "run", kind: "docker/run", title: "It runs", points: 5, ...secret },
    { id: "ask", kind: "shell/run", title: "It answers", points: 15, ...secret },
  ];
  course = await seedCourse(db, { dueAt: null, spec: { checks } });
  const enroll = (name: string, role: "student" | "ta") =>
    addPerson(web, name, [
      { course: course.courseSlug, role, section: role === "student" ? "TCSS 562" : null },
    ]);
  student = await enroll("Canny Student", "student");
  ta = await enroll("Canny Ta", "ta");
  // Every page and route about a run is asked for one that was graded and for one that could not be.
  const [graded, failed, queued] = [
    await addRun(1, "graded"),
    await addRun(2, "not_gradable"),
    await addRun(3, "queued"),
  ];
  scenes = [graded, failed].map(({ submissionId, runId }) => ({
    course: course.courseSlug,
    submissionId,
    runId,
    queuedRunId: queued.runId,
    notGradableRunId: failed.runId,
    archive: new Uint8Array(),
  }));
});
afterAll(() => web?.stop());

async function addRun(number: number, state: "graded" | "not_gradable" | "queued") {
  const { db } = web.database;
  const seeded = await seedSubmission(db, course, { userId: student.userId, number });
  const { runId } = seeded;
  const ended = { state, claimedAt: seededAt, runningAt: seededAt, finishedAt: seededAt };
  const claim = {
    id: newId("clm", seededAt),
    runId,
    attempt: 1,
    worker: "w",
    openedAt: seededAt,
    closedAt: seededAt,
  };
  await db.runClaim.create({ data: { ...claim, outcome: "The machine failed.", staffDetail: canary } });
  await db.notice.create({
    data: {
      id: newId("ntc", seededAt),
      code: "run.not_gradable",
      subject: `run:${runId}`,
      courseId: course.courseId,
      reason: canary,
      firstSeen: seededAt,
      lastSeen: seededAt,
    },
  });
  if (state === "graded") {
    await db.run.update({ where: { id: runId }, data: { ...ended, score: 20, maxScore: 20 } });
    await db.checkResult.createMany({
      data: course.spec.checks.map(({ id, kind, title, points }, position) => ({
        id: newId("chk", seededAt),
        runId,
        attempt: 1,
        position,
        checkId: id,
        kind,
        title,
        verdict: "passed" as const,
        points,
        maxPoints: points,
        message: { expected: "It works.", happened: "It worked.", fix: "" },
        staffOutput: canary,
      })),
    });
  } else if (state === "not_gradable")
    await db.run.update({ where: { id: runId }, data: { ...ended, reason: "The machine failed." } });
  return seeded;
}

/** What the student may ask for without changing anything. */
const readable = [...pages, ...routes.filter(({ entry }) => entry.startsWith("GET "))];
const ways: [string, Record<string, string>][] = [
  ["as a page or JSON", {}],
  // What Next's own navigation fetches instead of HTML.
  ["as a server component's payload", { rsc: "1" }],
];

async function read(
  person: Person,
  entry: Entry,
  scene: Scene,
  headers: Record<string, string>,
): Promise<string> {
  // A live stream of a run that is over ends by itself; of one that is not it is left after a while.
  const answer = await call(web, person, entry.request(scene).path, {
    headers,
    signal: AbortSignal.timeout(20_000),
  });
  return `${JSON.stringify([...answer.headers])}${await answer.text()}`;
}

for (const [name, headers] of ways)
  test(`nothing that a student can read holds what only staff may, ${name}`, async () => {
    for (const scene of scenes)
      for (const entry of readable)
        expect(
          (await read(student, entry, scene, headers)).includes(canary),
          `${entry.entry} of ${scene.runId}`,
        ).toBe(false);
  });

test("staff read it on the run's own page", async () => {
  const entry = pages.find((one) => one.entry === "/runs/[run]/staff");
  if (!entry) throw new Error("Staff have a page of a run.");
  for (const scene of scenes) expect(await read(ta, entry, scene, {})).toContain(canary);
});
