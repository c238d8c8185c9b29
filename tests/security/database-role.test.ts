import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { defaultTimings } from "#grading/machines/timings.ts";
import { createDb } from "#infra/db/connection/client.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "#infra/db/embedded.ts";
import { createMover } from "#infra/db/machines/fleet-mover.ts";
import { createFleetStore } from "#infra/db/machines/fleet-store.ts";
import { migrate } from "#infra/db/schema/migrate.ts";
import { prepareDatabase } from "#infra/db/schema/prepare-database.ts";
import { createJobQueue, startJobRunner } from "#infra/queue/bullmq.ts";
import { createLogger } from "#infra/telemetry/logger.ts";
import { seedCourse, seedSubmission } from "#tests/support/seed.ts";
import { checkDatabaseRole } from "#workers/check-database-role.ts";

/** What an attacker can do who gets SQL of their own into the running site. */
const artifacts = path.resolve(import.meta.dirname, "../.artifacts");
let dataDir: string;
let server: EmbeddedPostgres;
let siteUrl: string;
let site: pg.Client;
beforeAll(async () => {
  await mkdir(artifacts, { recursive: true });
  dataDir = await mkdtemp(path.join(artifacts, "role-"));
  server = await startEmbeddedPostgres({ dataDir, settings: { fsync: "off" } });
  // A data folder from before there was a role for the site.
  await migrate(server.url);
  siteUrl = await prepareDatabase({ databaseUrl: null, ownerDatabaseUrl: null }, server);
  site = new pg.Client({ connectionString: siteUrl });
  await site.connect();
});
afterAll(async () => {
  await site.end();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const entry =
  "INSERT INTO audit_entry (id, at, action, subject, reason) VALUES ('aud_1', now(), 'a', 'b:c', 'r')";

describe("the running site's role cannot", () => {
  beforeAll(() => site.query(entry));
  it.each([
    ["switch off the audit's trigger", "ALTER TABLE audit_entry DISABLE TRIGGER ALL"],
    ["switch off every trigger", "SET session_replication_role = replica"],
    ["change the audit", "UPDATE audit_entry SET reason = 'x'"],
    ["delete from the audit", "DELETE FROM audit_entry"],
    ["empty the audit", "TRUNCATE audit_entry"],
    ["change the ledger", "UPDATE ledger_entry SET micros = 1"],
    ["delete from the ledger", "DELETE FROM ledger_entry"],
    ["empty the ledger", "TRUNCATE ledger_entry"],
    ["drop a table", "DROP TABLE audit_entry"],
    ["drop a constraint", "ALTER TABLE run DROP CONSTRAINT run_finished_when_final"],
    [
      "replace a trigger's function",
      "CREATE OR REPLACE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    ],
    ["create a table", "CREATE TABLE mine (a int)"],
    ["create a temporary table", "CREATE TEMPORARY TABLE mine (a int)"],
    ["create a schema", "CREATE SCHEMA mine"],
    ["create a table of the queue", "CREATE TABLE bullmq.mine (a int)"],
    ["create a role", "CREATE ROLE mine SUPERUSER"],
    ["make itself more", "ALTER ROLE CURRENT_USER SUPERUSER"],
    ["become the owner", "SET ROLE postgres"],
    ["run a program", "COPY (SELECT 1) TO PROGRAM 'true'"],
    ["write a file", "COPY (SELECT 1) TO '/tmp/drydock-role'"],
    ["read a file", "SELECT pg_read_file('/etc/passwd')"],
    ["read passwords of roles", "SELECT rolpassword FROM pg_authid"],
    ["say that a migration was applied", "DELETE FROM _prisma_migrations"],
    ["give the installation another id", "UPDATE installation SET id = 'ins_x'"],
  ])("%s", async (_what, sql) => {
    await expect(site.query(sql)).rejects.toMatchObject({ code: "42501" });
  });

  it("and the audit is as it was", async () => {
    expect((await site.query("SELECT reason FROM audit_entry")).rows).toEqual([{ reason: "r" }]);
  });
});

const own = { provider: "none", timings: defaultTimings };

test("the running site's role does all that the site does: rows, the queue, and runs that move", async () => {
  const db = createDb(siteUrl);
  const { runId } = await seedSubmission(db, await seedCourse(db));
  const now = new Date();
  const quiet = { queued: () => {}, draining: () => {}, scoring: () => {} };
  const log = createLogger({ name: "role", level: "silent" });
  const store = createFleetStore(
    createMover(db, () => now, quiet, log),
    own,
  );
  expect(await store.takeBack({ runId, attempt: 1 }, { reason: "Try again.", excused: false })).toBeDefined();
  await checkDatabaseRole(db, store, log);
  expect(await db.notice.count()).toBe(0);
  const addresses = { databaseUrl: siteUrl, redisUrl: null };
  const failures: unknown[] = [];
  const onError = (failure: unknown) => failures.push(failure);
  const queue = await createJobQueue({ ...addresses, onError });
  await queue.add("grade-run", { runId });
  let bring = (_runId: string) => {};
  const brought = new Promise<string>((resolve) => {
    bring = resolve;
  });
  const handlers = { "grade-run": async (job: { runId: string }) => bring(job.runId) };
  const runner = await startJobRunner({ ...addresses, handlers, concurrency: 1, onError });
  expect(await brought).toBe(runId);
  await runner.close();
  await queue.close();
  await db.$disconnect();
  expect(failures).toEqual([]);
});

test("staff are told where the site works by the owner, and no more once it has a role of its own", async () => {
  const log = createLogger({ name: "role", level: "silent" });
  const quiet = { queued: () => {}, draining: () => {}, scoring: () => {} };
  const check = async (url: string) => {
    const db = createDb(url);
    const store = createFleetStore(
      createMover(db, () => new Date(), quiet, log),
      own,
    );
    await checkDatabaseRole(db, store, log);
    const open = await db.notice.findMany({ where: { closedAt: null } });
    await db.$disconnect();
    return open;
  };
  expect(await check(server.url)).toMatchObject([
    { code: "database.owner", reason: expect.stringContaining("Drydock works in its database as postgres") },
  ]);
  expect(await check(siteUrl)).toEqual([]);
});

test("an operator's own role gets the same rights from the owner, at every start", async () => {
  const owner = new pg.Client({ connectionString: server.url });
  await owner.connect();
  await owner.query("CREATE ROLE web LOGIN PASSWORD 'of-the-operator'");
  await owner.end();
  const url = new URL(server.url);
  url.username = "web";
  url.password = "of-the-operator";
  const settings = { databaseUrl: url.href, ownerDatabaseUrl: server.url };
  expect(await prepareDatabase(settings, null)).toBe(url.href);
  await prepareDatabase(settings, null);
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  expect((await client.query("SELECT count(*)::int AS runs FROM run")).rows).toEqual([{ runs: 1 }]);
  await expect(client.query("DELETE FROM audit_entry")).rejects.toMatchObject({ code: "42501" });
  await client.end();
});

/** Address of a database of this server by a role whose password is "x". */
function as(role: string, database: string): string {
  const url = new URL(server.url);
  Object.assign(url, { username: role, password: "x", pathname: `/${database}` });
  return url.href;
}
async function bySuperuser(database: string, ...statements: string[]): Promise<void> {
  const url = new URL(server.url);
  url.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  for (const sql of statements) await client.query(sql);
  await client.end();
}

test("one role as owner and as site is refused with a sentence, and keeps its rights", async () => {
  await bySuperuser("postgres", "CREATE ROLE one LOGIN PASSWORD 'x'", "CREATE DATABASE onedb OWNER one");
  const one = as("one", "onedb");
  await expect(prepareDatabase({ databaseUrl: one, ownerDatabaseUrl: one }, null)).rejects.toMatchObject({
    code: "database-roles-same",
    userMessage: expect.stringMatching(
      /^DATABASE_URL and DRYDOCK_OWNER_DATABASE_URL name one role \(one\): /,
    ),
  });
  await prepareDatabase({ databaseUrl: one, ownerDatabaseUrl: null }, null);
  const client = new pg.Client({ connectionString: one });
  await client.connect();
  await client.query("UPDATE _prisma_migrations SET logs = NULL");
  await client.end();
});

test("a database that one role made gets another owner as operating.md says, and goes on", async () => {
  await bySuperuser(
    "postgres",
    "CREATE ROLE former LOGIN PASSWORD 'x'",
    "CREATE ROLE later LOGIN PASSWORD 'x'",
    "CREATE DATABASE formerdb OWNER former",
  );
  await migrate(as("former", "formerdb"));
  await bySuperuser("formerdb", "REASSIGN OWNED BY former TO later");
  const settings = { databaseUrl: as("former", "formerdb"), ownerDatabaseUrl: as("later", "formerdb") };
  await prepareDatabase(settings, null);
  await prepareDatabase(settings, null);
  const client = new pg.Client({ connectionString: settings.databaseUrl });
  await client.connect();
  await client.query(entry);
  for (const sql of [
    "DELETE FROM audit_entry",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "DELETE FROM _prisma_migrations",
    "CREATE TABLE mine (a int)",
    "CREATE TABLE bullmq.mine (a int)",
  ]) {
    await expect(client.query(sql), sql).rejects.toMatchObject({ code: "42501" });
  }
  await client.end();
});

test("starts at the same time give the rights without a fault", async () => {
  await Promise.all(Array.from({ length: 4 }, () => migrate(server.url, server.site)));
});
