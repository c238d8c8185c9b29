import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Db } from "#infra/db/connection/client.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import {
  type SeededCourse,
  type SeededRun,
  seedCourse,
  seededAt,
  seedSubmission,
} from "#tests/support/seed.ts";
import { courseRuleCases } from "./course-rule-cases.ts";
import { copy, grade, hash, set } from "./rule-case.ts";
import { runRuleCases } from "./run-rule-cases.ts";

/**
 * The database refuses by itself: each case is one statement in plain SQL, with no program between. `rule` is the
 * constraint, index or trigger that must answer.
 */
let database: TestDatabase;
let db: Db;
let course: SeededCourse;
let run: SeededRun;

beforeAll(async () => {
  database = await startTestDatabase();
  db = database.db;
  course = await seedCourse(db);
  run = await seedSubmission(db, course);
  await db.machine.create({
    data: {
      id: "mch_1",
      provider: "fake",
      instanceId: "m-1",
      machineKind: "engine",
      runId: run.runId,
      runAttempt: 1,
      leaseUntil: new Date("2024-11-12T19:00:00Z"),
      requestedAt: seededAt,
      usdPerHour: 0.0326,
    },
  });
  await db.installation.create({ data: { id: "ins_1", madeAt: seededAt } });
  await db.runClaim.create({
    data: { id: "clm_1", runId: run.runId, attempt: 1, worker: "w", openedAt: seededAt },
  });
  await db.checkResult.create({
    data: {
      id: "chk_1",
      runId: run.runId,
      attempt: 1,
      position: 0,
      checkId: "files",
      kind: "files/required",
      title: "Files",
      verdict: "passed",
      points: 5,
      maxPoints: 5,
      message: {},
    },
  });
  await db.runEvent.create({
    data: { runId: run.runId, attempt: 1, seq: 1, type: "log", payload: {}, at: seededAt },
  });
  await db.uploadRefusal.create({
    data: {
      id: "ref_1",
      exerciseId: course.exerciseId,
      userId: course.studentId,
      fileName: "a.zip",
      bytes: 1,
      code: "no-files",
      message: "The upload holds no file.",
      receivedAt: seededAt,
      hour: seededAt,
    },
  });
  await db.extension.create({
    data: {
      id: "ext_1",
      assignmentId: course.assignmentId,
      userId: course.studentId,
      dueAt: new Date("2024-11-17T12:00:00Z"),
      reason: "ill",
      grantedById: course.instructorId,
    },
  });
  const { courseId, studentId: userId } = course;
  await db.storageUse.create({ data: { courseId, userId, bytes: 1 } });
  await db.notice.create({
    data: {
      id: "ntc_1",
      code: "run.not_gradable",
      subject: `run:${run.runId}`,
      courseId: course.courseId,
      reason: "The machine was lost.",
      firstSeen: seededAt,
      lastSeen: seededAt,
    },
  });
  await db.auditEntry.create({
    data: { id: "aud_1", at: seededAt, userId: course.taId, action: "x", subject: "y", reason: "z" },
  });
});
afterAll(async () => {
  await database.close();
});

/** Runs statements in a transaction that is rolled back; gives the name of the rule that refused one of them. */
async function refusedBy(...statements: string[]): Promise<string> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query("BEGIN");
    for (const sql of statements) await client.query(sql);
    // What is looked at when a transaction ends, too.
    await client.query("SET CONSTRAINTS ALL IMMEDIATE");
    return "nobody";
  } catch (error) {
    const { constraint, message } = error as { constraint?: string; message: string };
    return constraint ?? message;
  } finally {
    await client.end();
  }
}

const cases = [...courseRuleCases, ...runRuleCases];

describe("the database refuses", () => {
  it.each(cases)("%s: %s", async (rule, _what, statements) => {
    expect(await refusedBy(...statements(course))).toBe(rule);
  });

  it("by every rule that the migrations name, each with a case here", async () => {
    const found = await db.$queryRaw<{ name: string }[]>`
      SELECT conname AS name FROM pg_constraint
      WHERE contype = 'c' AND connamespace = 'public'::regnamespace
      UNION SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
      WHERE indpred IS NOT NULL AND indisunique AND relnamespace = 'public'::regnamespace
      UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname NOT LIKE '%never_emptied'`;
    const tested = new Set<string>(cases.map(([rule]) => rule));
    expect(found.map((row) => row.name).filter((name) => !tested.has(name))).toEqual([]);
    expect(found.length).toBeGreaterThan(40);
  });
});

describe("the database allows", () => {
  it.each<[string, () => string[]]>([
    [
      "a run without a result to stop counting for a rerun",
      () => [set("run", "counts = false"), copy("run", { id: "'run_2'", counts: "true" })],
    ],
    [
      "a result to stop counting for another",
      () => [grade(), set("run", "counts = false"), copy("run", { id: "'run_2'", counts: "true" })],
    ],
    [
      "a submission to go with its runs",
      () =>
        ["check_result", "run_event", "run_claim", "machine", "run", "submission"].map(
          (table) => `DELETE FROM ${table}`,
        ),
    ],
    [
      "the next version to become current",
      () => [
        set("exercise_version", "current = false"),
        copy("exercise_version", { id: "'ver_2'", hash: `'${hash("b")}'`, current: "true" }),
      ],
    ],
    [
      "the same notice anew once the first is closed",
      () => [set("notice", "closed_at = last_seen"), copy("notice", { id: "'ntc_2'", closed_at: "NULL" })],
    ],
    ["the log of a graded run to go", () => [grade(), set("run", "log_removed_at = now()")]],
    ["the full score and none", () => [grade({ score: "20" })]],
    [
      "another machine for the same attempt once the first drains",
      () => [
        set("machine", "state = 'draining'"),
        copy("machine", { id: "'mch_2'", instance_id: "'m-2'", state: "'requested'" }),
      ],
    ],
    [
      "a second claim once the first is closed",
      () => [
        set("run_claim", "closed_at = now(), outcome = 'lost'"),
        copy("run_claim", { id: "'clm_2'", attempt: "2", closed_at: "NULL", outcome: "NULL" }),
      ],
    ],
    [
      "work at the very due date to be late",
      () => [
        copy("submission", { id: "'s'", number: "2", late: "true", due_at: "to_jsonb(r) -> 'received_at'" }),
      ],
    ],
  ])("%s", async (_what, statements) => {
    expect(await refusedBy(...statements())).toBe("nobody");
  });
});
