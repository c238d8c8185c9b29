import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AppError } from "#course/errors.ts";
import { createDb } from "#infra/db/connection/client.ts";
import { type MigrateOutcome, migrate } from "#infra/db/schema/migrate.ts";
import { migrationsDir, readMigrationFiles } from "#infra/db/schema/migration-files.ts";
import { pendingChanges } from "#infra/db/schema/pending-changes.ts";
import { startTestPostgres, type TestPostgres } from "#tests/support/test-postgres.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(async () => {
  await postgres.stop();
});

async function query<Row extends object>(database: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: postgres.urlOf(database) });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe("migrating", () => {
  it("creates the database, applies every migration in order, and has nothing to do the second time", async () => {
    const url = postgres.urlOf("fresh");
    const names = (await readMigrationFiles()).map((file) => file.name);
    expect(names.length).toBeGreaterThanOrEqual(2);
    expect(await migrate(url)).toEqual({ applied: names });
    expect(await migrate(url)).toEqual({ applied: [] });
  });

  it("leaves a table that `prisma migrate deploy` takes for its own", async () => {
    await migrate(postgres.urlOf("compatible"));
    const rows = await query<Record<string, unknown>>(
      "compatible",
      "SELECT * FROM _prisma_migrations ORDER BY migration_name",
    );
    const files = await Promise.all(
      (await readMigrationFiles()).map(async ({ name }) => ({
        name,
        bytes: await readFile(path.join(migrationsDir, name, "migration.sql")),
      })),
    );
    expect(rows).toEqual(
      files.map(({ name, bytes }) => ({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        migration_name: name,
        checksum: createHash("sha256").update(bytes).digest("hex"),
        started_at: expect.any(Date),
        finished_at: expect.any(Date),
        rolled_back_at: null,
        logs: null,
        applied_steps_count: 1,
      })),
    );
    const lock = await readFile(path.join(migrationsDir, "migration_lock.toml"), "utf8");
    expect(lock).toContain('provider = "postgresql"');
  });

  it("makes exactly what schema.prisma describes", async () => {
    await migrate(postgres.urlOf("described"));
    expect(await pendingChanges(postgres.urlOf("described"))).toBeNull();
    await query("described", 'ALTER TABLE "course" ADD COLUMN "colour" TEXT');
    expect(await pendingChanges(postgres.urlOf("described"))).toContain('DROP COLUMN "colour"');
  });

  it("is done once when several processes start at the same moment", async () => {
    const url = postgres.urlOf("crowded");
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => migrate(url)));
    const applied = outcomes.filter((outcome: MigrateOutcome) => outcome.applied.length > 0);
    expect(applied).toHaveLength(1);
    const rows = await query("crowded", "SELECT 1 FROM _prisma_migrations");
    expect(rows).toHaveLength((await readMigrationFiles()).length);
  });

  it("keeps all instants with their zone", async () => {
    await migrate(postgres.urlOf("zones"));
    const wrong = await query(
      "zones",
      "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'timestamp without time zone'",
    );
    expect(wrong).toEqual([]);
  });

  it("refuses a database that a newer version made, and one whose migration was edited since", async () => {
    const url = postgres.urlOf("other");
    await migrate(url);
    await query(
      "other",
      "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ('x', 'y', '20990101000000_future', now(), 1)",
    );
    await expect(migrate(url)).rejects.toMatchObject({
      code: "migrations-differ",
      userMessage: expect.stringContaining("20990101000000_future, which this version does not know"),
    });
    await query("other", "DELETE FROM _prisma_migrations WHERE id = 'x'");
    await query("other", "UPDATE _prisma_migrations SET checksum = 'z' WHERE migration_name LIKE '%_rules'");
    await expect(migrate(url)).rejects.toMatchObject({
      code: "migrations-differ",
      userMessage: expect.stringContaining("was changed after it was applied"),
    });
  });
});

describe("the database client", () => {
  it("stores an instant as that instant, whatever zone the server is set to", async () => {
    const url = postgres.urlOf("pacific");
    await migrate(url);
    await query("pacific", "ALTER DATABASE pacific SET timezone TO 'America/Los_Angeles'");
    const db = createDb(url);
    const at = new Date("2024-11-15T11:59:59.999Z");
    try {
      await db.auditEntry.create({ data: { id: "aud_1", at, action: "a", subject: "b", reason: "c" } });
      const [row] = await query<{ ms: string }>(
        "pacific",
        "SELECT extract(epoch FROM at) * 1000 AS ms FROM audit_entry",
      );
      expect(Number(row?.ms)).toBe(at.getTime());
      const read = await db.auditEntry.findUniqueOrThrow({ where: { id: "aud_1" } });
      expect(read.at).toEqual(at);
      expect(await db.auditEntry.count({ where: { at: { gte: at, lte: at } } })).toBe(1);
    } finally {
      await db.$disconnect();
    }
  });
});

describe("a database that cannot be used", () => {
  it("is named with server, user, reason and fix, and without the password", async () => {
    const wrong = new URL(postgres.urlOf("drydock"));
    wrong.password = "wrong-secret-1";
    const away = new URL(wrong);
    away.port = "1";
    for (const [url, reason] of [
      [wrong, /password authentication failed/],
      [away, /ECONNREFUSED/],
    ] as const) {
      const failure = await migrate(url.href).then(
        () => null,
        (error: AppError) => error,
      );
      expect(failure).toBeInstanceOf(AppError);
      expect(failure?.userMessage).toMatch(reason);
      expect(failure?.userMessage).toMatch(
        /drydock at 127\.0\.0\.1:\d+ cannot be used as postgres.*DATABASE_URL/,
      );
      expect(`${failure?.stack}${JSON.stringify(failure)}`).not.toContain("wrong-secret-1");
    }
  });
});
