import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findActor } from "#app/_server/access/actor.ts";
import type { Actor, Subjects } from "#app/_server/access/permissions.ts";
import { findSubject } from "#app/_server/access/subjects.ts";
import type { Services } from "#app/_server/services.ts";
import { changeOwnTeam, fixTeam } from "#course/teams/change-teams.ts";
import { exerciseSpec } from "#grading/exercises/spec/spec.ts";
import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import { defaultKeepDays } from "#grading/retention/keep-days.ts";
import type { FleetTransaction } from "#grading/runs/fleet-transaction.ts";
import { settleNotGradable, tellNotGradable } from "#grading/runs/not-gradable.ts";
import { createUploadsUnderWay } from "#grading/submissions/uploads-under-way.ts";
import { createAuth } from "#infra/auth/auth.ts";
import { createDeadlineStore } from "#infra/db/course/deadline-store.ts";
import { createTeamStore } from "#infra/db/course/team-store.ts";
import { createAgentService } from "#infra/db/machines/agent-service.ts";
import { createMover } from "#infra/db/machines/fleet-mover.ts";
import { createFleetStore } from "#infra/db/machines/fleet-store.ts";
import { createFleetSweeps } from "#infra/db/machines/fleet-sweeps.ts";
import { createNoticeActs } from "#infra/db/notices/notice-acts.ts";
import { createFleetActs } from "#infra/db/runs/fleet-acts.ts";
import { fleetTransaction } from "#infra/db/runs/fleet-transaction.ts";
import { createQueuePlaces } from "#infra/db/runs/queue-places.ts";
import { createNamedFiles } from "#infra/db/schema/named-files.ts";
import { createRetentionStore } from "#infra/db/submissions/retention-store.ts";
import { createSubmitPorts } from "#infra/db/submissions/submission-store.ts";
import { surveyKeyFiles } from "#infra/surveys/key-files.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { defaultSpec } from "#tests/support/seed.ts";
import { sessionToken } from "#tests/support/session-token.ts";
import { fillLargeSchool } from "./large-school.ts";
import { type Recorded, recordQueries } from "./recorded-queries.ts";
import { findTableScans, growingTables } from "./table-scans.ts";

/**
 * Every query of every page and loop, as the driver is handed it, planned at 200,000 submissions: none may read a
 * table whole that grows with what students do. A query is found by calling what makes it, so a new one is seen by
 * itself, and a new function that asks the database has to be called here.
 */
let database: TestDatabase;
let client: pg.Client;
let growing: Set<string>;

beforeAll(async () => {
  database = await startTestDatabase();
  client = new pg.Client({
    connectionString: database.url,
    options: "-c TimeZone=UTC -c random_page_cost=1.1",
  });
  await client.connect();
  const specOf = (facilities: object) =>
    client.escapeLiteral(
      JSON.stringify(storedSpec.write(exerciseSpec.parse({ ...defaultSpec, facilities }))),
    );
  const filled = fillLargeSchool
    .replace("$1", () => specOf({}))
    .replace("$2", () => specOf({ kubernetes: {} }));
  await client.query(filled);
  await client.query("VACUUM ANALYZE");
  growing = await growingTables(client);
});
afterAll(async () => {
  await client?.end();
  await database?.close();
});

const now = new Date("2024-11-12T18:00:00Z");
const clock = () => now;
const log = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };
const caps = { dayMicros: 1e9, courseMicros: 1e9, studentDayMicros: 1e9 };
const zones = { courseZone: "UTC", readerZone: "UTC" };
const student: Actor = {
  ...{ userId: "usr_1", name: "S", email: "student1@example.edu", timeZone: null },
  enrollments: [{ courseId: "crs_2", role: "student" }],
};
const ta: Actor = { ...student, userId: "usr_3", enrollments: [{ courseId: "crs_2", role: "ta" }] };
const course = { id: "crs_2", slug: "course-2", code: "C", title: "C", term: "F", timeZone: "UTC" };
const owned = { ownerId: "usr_1", memberIds: ["usr_2"] };
const ids = { courseId: "crs_2", assignmentId: "asg_1", exerciseId: "exc_1", runId: "run_19" };

function services(): Services {
  const { db } = database;
  const queuePlaces = createQueuePlaces(db, { fleetMax: 2, clock });
  return {
    db,
    clock,
    log,
    config: { caps, fleetMax: 2, keepDays: defaultKeepDays, imageDays: 30, storage: { personBytes: 1 } },
    queuePlaces,
    surveyKeys: surveyKeyFiles("/nowhere"),
  } as unknown as Services;
}

const queriesDir = "app/_server/queries";
/** What to call each function of app/_server/queries with that asks the database. */
const pageCalls: Record<string, (call: (...args: never[]) => Promise<unknown>) => Promise<unknown>[]> = {};
const on = (name: string, ...calls: unknown[][]) => {
  pageCalls[name] = (call) =>
    calls.map((args) =>
      call(
        ...(args.map((one) => (one === services ? services() : one === "db" ? database.db : one)) as never[]),
      ),
    );
};
on("listAssignmentAudit", [services, "asg_0", 1]);
on("findCourse", [services, "course-2"]);
on(
  "listAssignments",
  [services, course, { userId: "usr_1", isStaff: false, zone: "UTC" }],
  [services, course, { userId: "usr_1", isStaff: true, zone: "UTC" }],
);
on("listPeople", ["db", "crs_2"]);
on("findTeamPanel", [services, "asg_1", { userId: "usr_1", about: null }]);
on("listOwnTalks", [services, "usr_1"]);
on("listInvitations", [services, "usr_1"]);
on("findStaffTeams", [services, ids]);
on("readCourseNav", [services, "usr_1", "course-2"]);
on("readSchedule", [services, course]);
on(
  "listAnnouncements",
  [services, "crs_2", { isStaff: false, most: 3 }],
  [services, "crs_2", { isStaff: true }],
);
on("readCalendar", [services, "cal_1"]);
on("readPresentations", [services, course, "usr_1"]);
on("findReviews", [services, "crs_2"]);
on(
  "readReviews",
  [services, "crs_2", { userId: "usr_1", isStaff: false }],
  [services, "crs_2", { userId: "usr_1", isStaff: true }],
);
on("countWaitingReviews", [services, "crs_2", "usr_1"]);
on("reviewsClosed", [services, "asg_1", "usr_1"]);
on("findPresentations", [services, "crs_2"]);
on("readStaffDates", [services, ids]);
on("findEditedAnnouncement", [services, course, "a-1"]);
on("listRemovedAnnouncements", [services, "crs_2"]);
on("readEditedHours", [services, "crs_2"]);
on("countConflicts", [services, "crs_2"]);
on("listConflicts", [services, "crs_2"]);
on("listSurveys", [services, course, "usr_1"]);
on("countWaitingSurveys", [services, course, "usr_1"]);
on("findSurvey", [services, "crs_2", 1, "usr_1"]);
on("readResults", [services, course]);
on("readSettledResults", [services, course]);
on("readSurveyCredit", [services, "crs_2"], [services, "crs_2", "usr_1"]);
on("readTexts", [services, "srv_1"]);
on("readFeedback", [services, "srv_1"]);
on("readPublishedFeedback", [services, course]);
on("readPlannedQuestions", [services, "crs_2"]);
on("assignmentNow", [services, "crs_2", "a-1"]);
on(
  "searchCourse",
  [services, course, { query: "assignment 1", isStaff: false }],
  [services, course, { query: "student 1", isStaff: true }],
  [services, course, { query: `run_${"0".repeat(26)}`, isStaff: true }],
);
on("findExercisePage", [services, "exc_1", { userId: "usr_1", zone: "UTC", courseZone: "UTC" }]);
on("checkHealth", [services]);
on("listHistory", [services, "crs_2", "usr_1"]);
on("findAssignmentTitle", [services, "asg_1"]);
on("findPages", [services, course, "asg-1", [{ slug: "asg-1", title: "A" }]]);
on("readHome", [services, student, "UTC"], [services, ta, "UTC"]);
on("readLogTail", [services, "run_19", 200]);
on("countLines", ["db", "run_19"], ["db", "run_19", 1000n]);
on("findLogRemoval", ["db", "run_19"]);
on("findLogFacts", ["db", "run_19"]);
pageCalls.readAllEvents = (call) => [readOut(call(database.db as never, "run_19" as never) as never)];
on("readRunPage", [
  services,
  student,
  { ...ids, ...owned, countedNotGradable: false } satisfies Subjects["run"],
]);
on("findRun", [services, "run_9"], [services, "run_19"], [services, "run_18"], [services, "run_7"]);
on("findStaffAssignment", [services, ids, zones]);
on("findStaffRun", [services, "run_19"]);
on(
  "listForStaff",
  [services, "crs_2", { page: 1 }],
  [services, "crs_2", { page: 3 }],
  [services, "crs_2", { page: 1, section: "A" }],
  [services, "crs_2", { page: 1, exercise: "e-1" }],
  [services, "crs_2", { page: 1, state: "queued" }],
  [services, "crs_2", { page: 1, state: "graded" }],
  [services, "crs_2", { page: 1, state: "refused" }],
  [services, "crs_2", { page: 1, q: "student 1" }],
);
on(
  "findHandedIn",
  [services, student, { ...ids, submissionId: "sub_1", ...owned }],
  [services, student, { ...ids, submissionId: "sub_8", ...owned }],
);
on("storedAttempt", [services, "sub_1"]);
on("findSubmission", ["db", student, { ...ids, submissionId: "sub_1", ...owned }]);
on("listNotices", [services, "crs_2", "course-2"], [services, null, "course-2"]);
on("countOpenNotices", [services, ta]);
on("readMachineImages", [services]);
on("readFleet", [services, "crs_2"]);
on("readSpend", [services, "crs_2"]);
on("findSubmissionPage", [services, student, { ...ids, submissionId: "sub_1", ...owned }]);
const ungraded = { id: "run_1", state: "not_gradable", reasonCode: null, counts: true };
on("studentRerun", ["db", { id: "sub_1", userId: "usr_1", exerciseId: "exc_1", runs: [ungraded] }]);

async function readOut(batches: AsyncIterable<unknown>): Promise<void> {
  for await (const _batch of batches);
}

async function expectNoTableScan(recorded: Recorded[]): Promise<void> {
  const found: Record<string, string[]> = {};
  for (const query of recorded) {
    const scans = await findTableScans(client, growing, query);
    if (scans.length > 0) found[query.text] = scans;
  }
  expect(found).toEqual({});
}

test("a query whose index is missing is found", async () => {
  const without = async (index: string, text: string, values: unknown[]) => {
    await client.query(`BEGIN; DROP INDEX ${index}`);
    try {
      return await findTableScans(client, growing, { text, values });
    } finally {
      await client.query("ROLLBACK");
    }
  };
  const runs = "SELECT id FROM run WHERE submission_id = $1";
  expect(await without("run_submission_id_idx", runs, ["sub_1"])).toEqual([
    expect.stringMatching(/^run is read whole/),
  ]);
  const key = "SELECT id FROM submission WHERE storage_key = $1";
  expect(await without("submission_storage_key_idx", key, ["submissions/sub_1"])).toEqual([
    expect.stringMatching(/^submission is read whole/),
  ]);
  expect(await findTableScans(client, growing, { text: runs, values: ["sub_1"] })).toEqual([]);
});

test("a query that walks an index for long until it finds the first is found", async () => {
  const first =
    "SELECT id FROM run WHERE finished_at IS NOT NULL AND log_removed_at IS NULL ORDER BY queued_at LIMIT 1";
  expect(await findTableScans(client, growing, { text: first, values: [] })).toEqual([
    expect.stringMatching(/^19\d{4} rows of run are read by run_queued_at_idx until the limit/),
  ]);
  const newest = "SELECT id FROM run ORDER BY queued_at DESC LIMIT 1";
  expect(await findTableScans(client, growing, { text: newest, values: [] })).toEqual([]);
});

/** Functions, and those that are asked once a request, with what they are given. */
const exported =
  /^export (?:async )?function\*? (\w+)\(([^)]*)\)|^export const (\w+) = cache\(\s*(?:async )?\(([^)]*)\)/gm;

test("no page reads a growing table whole", async () => {
  const recorded: Recorded[] = [];
  for (const file of await readdir(queriesDir, { recursive: true })) {
    if (!file.endsWith(".ts")) continue;
    const source = await readFile(path.join(queriesDir, file), "utf8");
    if (/\.test\.tsx?$/.test(file) || !/\bdb\b/.test(source)) continue;
    const module = (await import(path.resolve(queriesDir, file))) as Record<string, unknown>;
    for (const [, func, given, cached, asked] of source.matchAll(exported)) {
      const [name, asks] = [func ?? cached, given ?? asked];
      if (!/\bdb\b|services/i.test(asks?.replaceAll(/Pick<Services,[^>]*>/g, "") ?? "")) continue;
      const calls = pageCalls[name ?? ""];
      expect(calls, `${file} asks the database in ${name}: say above what it is called with`).toBeDefined();
      const call = module[name ?? ""] as (...args: never[]) => Promise<unknown>;
      recorded.push(...(await recordQueries(() => Promise.all(calls?.(call) ?? []))));
    }
  }
  expect(recorded.length).toBeGreaterThan(50);
  await expectNoTableScan(recorded);
});

test("what every request asks first does not: who asks, and of what", async () => {
  const { db } = database;
  const secret = "s".repeat(32);
  const auth = createAuth({
    ...{ db, config: { baseUrl: "http://localhost" }, secret, clock },
    onLog: () => undefined,
  });
  const recorded = await recordQueries(async () => {
    const actor = await findActor(
      { db, auth },
      new Headers({ authorization: `Bearer ${sessionToken("token5", secret)}` }),
    );
    expect(actor).toMatchObject({ userId: "usr_6" });
    const ask = (permission: Parameters<typeof findSubject>[1], ref: object) =>
      findSubject(db, permission, ref as never, now);
    await ask("course.view", { course: "course-2" });
    await ask("assignment.view", { course: "course-2", assignment: "a-1" });
    await ask("exercise.view", { course: "course-2", assignment: "a-1", exercise: "e-1" });
    await ask("submission.view", { submission: "sub_1" });
    await ask("run.view", { run: "run_1" });
  });
  expect(recorded.length).toBeGreaterThan(8);
  await expectNoTableScan(recorded);
});

test("no loop of the worker does, nor what it decides", async () => {
  const { db } = database;
  const own = { provider: "docker", timings: defaultTimings, caps };
  const sweeps = createFleetSweeps(db, own);
  const limits = { machineKinds: ["engine"], leaseOf: () => now, usdPerHourOf: () => 1 };
  const args: Partial<Record<keyof typeof sweeps, unknown[]>> = {
    demand: [limits, now],
    money: [limits, now],
    openNotices: [["fleet.budget"]],
    queuedKinds: [],
    kindsInUse: [],
    byIds: [["mch_1", "mch_2"]],
    byInstance: ["i-0123456789abcdef0"],
    poolHistory: ["engine+kubernetes", now, now],
    foreignOverdue: [now],
    runsWithoutMachine: [now, now],
    toldOther: ["engine+kubernetes", "machine_image", "It is being made."],
  };
  const wake = () => undefined;
  const mover = createMover(db, clock, { queued: wake, draining: wake, scoring: wake }, log);
  const store = createFleetStore(mover, own);
  const service = createAgentService({ db, mover, files: {} as never, clock, onMismatch: () => undefined });
  // The plans of what follows from it would be of nothing.
  expect((await sweeps.poolHistory("engine+kubernetes", now, now)).demand).not.toEqual([]);
  const recorded = await recordQueries(async () => {
    for (const name of Object.keys(sweeps) as (keyof typeof sweeps)[]) {
      await (sweeps[name] as (...given: unknown[]) => Promise<unknown>)(...(args[name] ?? []));
    }
    await store.claimRun("run_9", {
      ...{ fleetMax: 100, machineKinds: ["engine", "engine+kubernetes"], worker: "w" },
      ...{ leaseOf: () => new Date("2030-01-01"), usdPerHourOf: () => 0.001 },
    });
    await store.tellWaiting({ runId: "run_670", attempt: 1 }, "machine_image", "It is being made.");
    await service.openSession("no such token").catch(() => undefined);
    await service.heartbeat("run_19", { phase: "grading" });
    await service.appendEvents("run_19", { events: [] }).catch(() => undefined);
    await store.endMachine({ machineId: "mch_20019", how: "drain", reason: "Over." });
    await store.closeMachine("mch_20019");
    await store.finishScoring("run_39");
  });
  expect(recorded.length).toBeGreaterThan(35);
  await expectNoTableScan(recorded);
});

test("handing in, what staff do, and the places of the queue do not", async () => {
  const { db } = database;
  const ports = createSubmitPorts({
    ...{ db, clock, files: {} as never, receiptSigner: {} as never, log },
    listArchive: () => Promise.reject(new Error("No archive is read here.")),
    config: { storage: { personBytes: 1e12, courseBytes: 1e12 } },
    queue: { add: async () => undefined },
    uploads: createUploadsUnderWay(),
  });
  const acts = createFleetActs(db);
  const act = { userId: "usr_3", reason: "r" };
  const recorded = await recordQueries(async () => {
    await ports.store.findTarget("exc_1", "usr_1");
    await ports.store.findByKey("usr_1", "key");
    await ports.store.record({
      ...{ submissionId: "sub_new", run: { id: "run_new", exerciseVersionId: "ver_1" }, exerciseId: "exc_1" },
      ...{
        userId: "usr_1",
        idempotencyKey: "key",
        fileName: "f",
        sha256: "c".repeat(64),
        bytes: 1,
        files: [],
      },
      ...{ storageKey: "k", receivedAt: now, dueAt: null, late: false, receiptJws: "j", queuedAt: now },
    });
    await acts.rerun({ ...act, as: "staff", runId: "run_1" }, now);
    await acts.makeCount({ ...act, runId: "run_1" }, now);
    await acts.cancel({ ...act, as: "staff", runId: "run_new" }, now);
    await createDeadlineStore(db, clock).changeExtension(
      { assignmentId: "asg_1", studentId: "usr_1" },
      () =>
        ({
          ...{
            outcome: null,
            change: {
              write: { type: "end" },
              audit: { by: "usr_3", action: "a", before: {}, after: {}, reason: "r" },
            },
          },
        }) as never,
    );
    const teams = { store: createTeamStore(db, clock) };
    const ofTeams = { assignmentId: "asg_1", by: "usr_3901" };
    const invite = { type: "invite", userId: "usr_3905" } as const;
    expect(await changeOwnTeam(teams, { ...ofTeams, act: invite })).toEqual({ outcome: "done" });
    expect(await changeOwnTeam(teams, { ...ofTeams, act: { type: "leave" } })).toEqual({ outcome: "done" });
    const unlock = { type: "unlock", teamId: "tea_1_1" } as const;
    expect(await fixTeam(teams, { ...ofTeams, act: unlock, reason: "r" })).toEqual({ outcome: "done" });
    await createNoticeActs(db, clock).close({ noticeId: "ntc_1000", userId: "usr_3" });
    await createNoticeActs(db, clock).reopen({ noticeId: "ntc_1000", userId: "usr_3" });
    const transact = (work: (tx: FleetTransaction) => Promise<void>) =>
      db.$transaction((tx) => work(fleetTransaction({ tx, now, after: new Set(), told: [] })));
    await transact((tx) => tellNotGradable(tx, { id: "run_1", submissionId: "sub_1" }, "It broke."));
    await transact((tx) => settleNotGradable(tx, "sub_1"));
    await createQueuePlaces(db, { fleetMax: 2, clock }).of("run_9");
  });
  expect(recorded.length).toBeGreaterThan(30);
  await expectNoTableScan(recorded);
});

test("what removes old rows and files does not", async () => {
  const steps = createRetentionStore(database.db);
  // Most often nothing is due, and whatever is due is found at once, however much was removed before.
  const idle = await recordQueries(async () => {
    expect(await steps["log lines"]?.(defaultKeepDays, now)).toBe(0);
    await createNamedFiles(database.db)(["submissions/sub_1", "exercises/x/hidden.tar"]);
  });
  const today = new Date();
  const due = await recordQueries(async () => {
    for (const step of Object.values(steps)) await step(defaultKeepDays, today);
  });
  expect(idle.length + due.length).toBeGreaterThan(12);
  await expectNoTableScan(idle);
  await expectNoTableScan(due);
});
