import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { readMigrationFiles } from "#infra/db/schema/migration-files.ts";
import { startTestPostgres, type TestPostgres } from "#tests/support/test-postgres.ts";

let postgres: TestPostgres;
let client: pg.Client;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
beforeEach(async () => {
  await postgres.run("DROP DATABASE IF EXISTS old");
  await postgres.run("CREATE DATABASE old");
  client = new pg.Client({ connectionString: postgres.urlOf("old") });
  await client.connect();
});
afterEach(() => client.end());
afterAll(() => postgres.stop());

const rows = async (sql: string) => (await client.query(sql)).rows;

/** A course with an exercise, and two students. */
const aClass = `
  INSERT INTO "user" (id, name, email) VALUES ('u', 'Sam', 'sam@example.edu'), ('v', 'Olga', 'olga@example.edu');
  INSERT INTO course (id, slug, title, term, time_zone) VALUES ('c', 'c', 'C', 'T', 'UTC');
  INSERT INTO assignment (id, course_id, slug, title, kind, points, position, due_zone, late_policy)
    VALUES ('a', 'c', 'a', 'A', 'tutorial', 1, 1, 'AoE', '{}');
  INSERT INTO exercise (id, assignment_id, slug, title) VALUES ('e', 'a', 'e', 'E');
  INSERT INTO exercise_version (id, exercise_id, hash, spec, hidden_key) VALUES ('x', 'e', repeat('a', 64), '{}', 'k');
`;

/** What a database held before there were notices, quotas and counted refusals. */
const before = `${aClass}
  INSERT INTO submission
      (id, exercise_id, user_id, number, file_name, sha256, bytes, files, storage_key, received_at, late, receipt_jws)
    SELECT 's' || n, 'e', CASE WHEN n = 3 THEN 'v' ELSE 'u' END, n, 'f', repeat('a', 64), n * 100, '[]', 'k' || n, now(), false, 'j'
    FROM generate_series(1, 3) n;
  INSERT INTO run (id, submission_id, exercise_version_id, state, counts, reason, queued_at, finished_at) VALUES
    ('failed', 's1', 'x', 'not_gradable', true, 'The machine was lost.', now(), now()),
    ('replaced', 's2', 'x', 'not_gradable', false, 'The machine was lost.', now(), now());
  INSERT INTO audit_entry (id, at, action, subject, reason) VALUES
    ('aud_1', '2024-11-01Z', 'run.not_gradable', 'run:failed', 'The machine was lost.'),
    ('aud_2', '2024-11-02Z', 'run.not_gradable', 'run:replaced', 'The machine was lost.'),
    ('aud_3', '2024-11-03Z', 'fleet.misconfigured', 'cluster:clu_1', 'No machine can be started.');
  INSERT INTO upload_refusal (id, exercise_id, user_id, file_name, bytes, code, message, received_at) VALUES
    ('ref_1', 'e', 'u', 'one', 1, 'no-files', 'm', '2024-11-01 10:00:00Z'),
    ('ref_2', 'e', 'u', 'two', 1, 'no-files', 'm', '2024-11-01 10:59:59Z'),
    ('ref_3', 'e', 'u', 'three', 1, 'no-files', 'm', '2024-11-01 11:00:00Z'),
    ('ref_4', 'e', 'v', 'four', 1, 'no-files', 'm', '2024-11-01 10:30:00Z');`;

it("a database of a class in mid-term keeps what it knows: runs to be dealt with, refusals, what is stored", async () => {
  const files = await readMigrationFiles();
  const first = files.findIndex(({ name }) => name.endsWith("_notices"));
  for (const { sql } of files.slice(0, first)) await client.query(sql);
  await client.query(before);
  const wanted = ["_notices", "_retention", "_storage_use", "_grouped_notices"];
  for (const { name, sql } of files) if (wanted.some((end) => name.endsWith(end))) await client.query(sql);

  expect(
    await rows("SELECT id, code, subject, course_id, reason, count, first_seen, closed_at FROM notice"),
  ).toEqual([
    {
      ...{ id: "ntc_1_all", code: "run.not_gradable", subject: "exercise:e", course_id: "c", count: 1 },
      ...{ reason: "The machine was lost.", first_seen: new Date("2024-11-01Z"), closed_at: null },
    },
  ]);
  expect(await rows("SELECT id, count, hour FROM upload_refusal ORDER BY id")).toEqual([
    { id: "ref_2", count: 2, hour: new Date("2024-11-01T10:00:00Z") },
    { id: "ref_3", count: 1, hour: new Date("2024-11-01T11:00:00Z") },
    { id: "ref_4", count: 1, hour: new Date("2024-11-01T10:00:00Z") },
  ]);
  expect(await rows("SELECT user_id, bytes FROM storage_use ORDER BY user_id")).toEqual([
    { user_id: "u", bytes: "300" },
    { user_id: "v", bytes: "300" },
  ]);
  expect(await rows("SELECT count(*)::int AS n FROM audit_entry")).toEqual([{ n: 3 }]);
});

/** Reruns as they stood before a result counted until another run is graded: each counts, and its result does not. */
const reruns = `${aClass}
  INSERT INTO submission
      (id, exercise_id, user_id, number, file_name, sha256, bytes, files, storage_key, received_at, late, receipt_jws)
    SELECT 's' || n, 'e', 'u', n, 'f', repeat('a', 64), 1, '[]', 'k' || n, now(), false, 'j' FROM generate_series(1, 5) n;
  INSERT INTO run (id, submission_id, exercise_version_id, state, counts, score, max_score, queued_at, finished_at) VALUES
    ('s1-first', 's1', 'x', 'graded', false, 10, 20, '2024-11-01Z', '2024-11-01Z'),
    ('s1-second', 's1', 'x', 'graded', false, 15, 20, '2024-11-02Z', '2024-11-02Z'),
    ('s2-first', 's2', 'x', 'graded', false, 10, 20, '2024-11-01Z', '2024-11-01Z'),
    ('s3-first', 's3', 'x', 'graded', false, 10, 20, '2024-11-01Z', '2024-11-01Z'),
    ('s3-rerun', 's3', 'x', 'graded', true, 12, 20, '2024-11-02Z', '2024-11-02Z');
  INSERT INTO run (id, submission_id, exercise_version_id, state, counts, reason, queued_at, finished_at) VALUES
    ('s1-rerun', 's1', 'x', 'queued', true, NULL, '2024-11-03Z', NULL),
    ('s2-rerun', 's2', 'x', 'cancelled', true, 'Cancelled by staff.', '2024-11-03Z', '2024-11-03Z'),
    ('s4-first', 's4', 'x', 'not_gradable', false, 'The machine was lost.', '2024-11-01Z', '2024-11-01Z'),
    ('s4-rerun', 's4', 'x', 'queued', true, NULL, '2024-11-03Z', NULL),
    ('s5-first', 's5', 'x', 'queued', true, NULL, '2024-11-03Z', NULL);`;

it("a result that a rerun had set aside counts again, and the audit says so", async () => {
  const files = await readMigrationFiles();
  const first = files.findIndex(({ name }) => name.endsWith("_counted_run"));
  for (const { sql } of files.slice(0, first)) await client.query(sql);
  await client.query(reruns);
  for (const { sql } of files.slice(first)) await client.query(sql);

  expect((await rows("SELECT id FROM run WHERE counts ORDER BY id")).map(({ id }) => id)).toEqual([
    ...["s1-second", "s2-first", "s3-rerun", "s4-rerun", "s5-first"],
  ]);
  expect(
    await rows(`SELECT user_id, action, subject, before, after FROM audit_entry ORDER BY subject`),
  ).toEqual([
    {
      ...{ user_id: null, action: "run.make-count", subject: "submission:s1" },
      before: { run: "s1-rerun", state: "queued", score: null },
      after: { run: "s1-second", state: "graded", score: "15" },
    },
    {
      ...{ user_id: null, action: "run.make-count", subject: "submission:s2" },
      before: { run: "s2-rerun", state: "cancelled", score: null },
      after: { run: "s2-first", state: "graded", score: "10" },
    },
  ]);
});

it("a log that was removed before is not looked for again", async () => {
  const files = await readMigrationFiles();
  const last = files.findIndex(({ name }) => name.endsWith("_log_removed"));
  for (const { sql } of files.slice(0, last)) await client.query(sql);
  await client.query(`${aClass}
    INSERT INTO submission
        (id, exercise_id, user_id, number, file_name, sha256, bytes, files, storage_key, received_at, late, receipt_jws)
      SELECT 's' || n, 'e', 'u', n, 'f', repeat('a', 64), 1, '[]', 'k' || n, now(), false, 'j' FROM generate_series(1, 2) n;
    INSERT INTO run (id, submission_id, exercise_version_id, state, score, max_score, queued_at, finished_at)
      SELECT 'r' || n, 's' || n, 'x', 'graded', 10, 20, '2024-11-01Z', '2024-11-01Z' FROM generate_series(1, 2) n;
    INSERT INTO log_removal (run_id, removed_at, kept_days, lines, complete) VALUES ('r1', '2025-05-01Z', 180, 3, true);`);
  await client.query(files[last]?.sql ?? "");
  expect(await rows("SELECT id, log_removed_at FROM run ORDER BY id")).toEqual([
    { id: "r1", log_removed_at: new Date("2025-05-01Z") },
    { id: "r2", log_removed_at: null },
  ]);
});

it("machines keep their rows, and open notices their subject, under the machine's own name", async () => {
  const files = await readMigrationFiles();
  const renamed = files.findIndex(({ name }) => name.endsWith("_machine_table"));
  for (const { sql } of files.slice(0, renamed)) await client.query(sql);
  await client.query(`
    INSERT INTO cluster (id, provider, machine_id, profile, state, lease_until, requested_at, usd_per_hour) VALUES
      ('clu_1', 'docker', 'drydock-x-clu_1', 'docker', 'draining', '2024-11-02Z', '2024-11-01Z', 0.04),
      ('clu_2', 'docker', NULL, 'kubernetes', 'requested', '2024-11-02Z', '2024-11-01Z', 0.04);
    INSERT INTO notice (id, code, subject, reason, first_seen, last_seen) VALUES
      ('ntc_1', 'fleet.machine-stays', 'cluster:clu_1', 'It stays.', '2024-11-01Z', '2024-11-01Z'),
      ('ntc_2', 'fleet.misconfigured', 'image:docker', 'It is missing.', '2024-11-01Z', '2024-11-01Z');`);
  await client.query(files[renamed]?.sql ?? "");
  expect(await rows("SELECT id, instance_id, state FROM machine ORDER BY id")).toEqual([
    { id: "clu_1", instance_id: "drydock-x-clu_1", state: "draining" },
    { id: "clu_2", instance_id: null, state: "requested" },
  ]);
  expect(await rows("SELECT id, subject FROM notice ORDER BY id")).toEqual([
    { id: "ntc_1", subject: "machine:clu_1" },
    { id: "ntc_2", subject: "image:docker" },
  ]);
  expect(
    await rows(`SELECT conname FROM pg_constraint WHERE conname LIKE '%cluster%' AND contype <> 'n'
      UNION ALL SELECT relname FROM pg_class WHERE relname LIKE '%cluster%' AND relnamespace = 'public'::regnamespace`),
  ).toEqual([]);
});

it("what an exercise, a machine and its image were called by a profile is called by their facilities", async () => {
  const files = await readMigrationFiles();
  const last = files.findIndex(({ name }) => name.endsWith("_facilities"));
  for (const { sql } of files.slice(0, last)) await client.query(sql);
  await client.query(`${aClass}
    INSERT INTO exercise_version (id, exercise_id, hash, spec, hidden_key) VALUES
      ('y', 'e', repeat('b', 64), '{"profile":"kubernetes","kubernetes":{"nodes":2}}', 'k'),
      ('z', 'e', repeat('c', 64), '{"profile":"docker"}', 'k');
    INSERT INTO machine (id, provider, profile, state, lease_until, requested_at, usd_per_hour) VALUES
      ('m1', 'docker', 'docker', 'requested', '2024-11-02Z', '2024-11-01Z', 0.04),
      ('m2', 'docker', 'kubernetes', 'requested', '2024-11-02Z', '2024-11-01Z', 0.04);
    INSERT INTO machine_image (profile, image, made_at, versions, seen_at) VALUES ('kubernetes', 'i', now(), '{}', now());
    INSERT INTO notice (id, code, subject, reason, first_seen, last_seen)
      SELECT 'n' || n, 'c' || n, s, 'R.', now(), now()
      FROM unnest(ARRAY['image:kubernetes', 'provider:docker/docker', 'provider:docker', 'exercise:e']) WITH ORDINALITY t(s, n);`);
  await client.query(files[last]?.sql ?? "");
  expect(await rows("SELECT id, machine_kind FROM exercise_version ORDER BY id")).toEqual([
    { id: "x", machine_kind: "engine" },
    { id: "y", machine_kind: "engine+kubernetes" },
    { id: "z", machine_kind: "engine" },
  ]);
  expect(await rows("SELECT id, machine_kind FROM machine ORDER BY id")).toEqual([
    { id: "m1", machine_kind: "engine" },
    { id: "m2", machine_kind: "engine+kubernetes" },
  ]);
  expect(await rows("SELECT machine_kind FROM machine_image")).toEqual([
    { machine_kind: "engine+kubernetes" },
  ]);
  expect((await rows("SELECT subject FROM notice ORDER BY id")).map(({ subject }) => subject)).toEqual([
    ...["image:engine+kubernetes", "provider:docker/engine", "provider:docker", "exercise:e"],
  ]);
  await expect(
    client.query("UPDATE exercise_version SET machine_kind = 'engine' WHERE id = 'y'"),
  ).rejects.toThrow("immutable");
});
