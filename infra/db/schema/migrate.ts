import pg from "pg";
import { AppError } from "#course/errors.ts";
import { migrateQueue } from "#infra/queue/migrate-queue.ts";
import {
  type MigrationFile,
  readDatamodel,
  readMigrationFiles,
  readMigrationList,
} from "./migration-files.ts";
import { withSchemaEngine } from "./schema-engine.ts";
import { grantSite, type SiteRole } from "./site-role.ts";

/** Any number nobody else uses: two starts at once migrate one after the other. */
const migrateLock = 7_205_462_024;

export interface MigrateOutcome {
  /** Names of the migrations that this call applied, oldest first. */
  applied: string[];
}

/**
 * Brings the database at `url`, which is its owner's, to this version's schema, the queue's tables too, and gives the
 * site's role its rights; creates the database when it is missing. Idempotent, quick when nothing is to do. Throws
 * AppError when the database was made by another history of migrations.
 */
export async function migrate(url: string, site?: SiteRole): Promise<MigrateOutcome> {
  await createDatabaseIfMissing(url);
  return withClient(url, async (client) => {
    await client.query("SELECT pg_advisory_lock($1)", [migrateLock]);
    const applied = await applyMigrations(client, url);
    await migrateQueue(client);
    if (site !== undefined) await grantSite(client, site);
    return { applied };
  });
}

async function applyMigrations(client: pg.Client, url: string): Promise<string[]> {
  const files = await readMigrationFiles();
  if (await isUpToDate(client, files)) return [];
  const [datamodel, migrationsList] = await Promise.all([readDatamodel(), readMigrationList()]);
  const done = await withSchemaEngine(url, [[datamodel.path, datamodel.content]], (engine) =>
    engine.applyMigrations({ migrationsList, filters: { externalTables: [], externalEnums: [] } }),
  );
  return done.appliedMigrationNames;
}

/** Compares the table that Prisma keeps with this checkout's folders. */
async function isUpToDate(client: pg.Client, files: MigrationFile[]): Promise<boolean> {
  const table = await client.query("SELECT to_regclass('_prisma_migrations') IS NOT NULL AS known");
  if (table.rows[0]?.known !== true) return false;
  const applied = await client.query<{ migration_name: string; checksum: string }>(
    "SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
  );
  const ours = new Map(files.map((file) => [file.name, file.checksum]));
  for (const row of applied.rows) {
    if (ours.get(row.migration_name) === row.checksum) continue;
    throw new AppError({
      code: "migrations-differ",
      userMessage: ours.has(row.migration_name)
        ? `The migration ${row.migration_name} was changed after it was applied to the database: restore its file.`
        : `The database has the migration ${row.migration_name}, which this version does not know: start the version that made it, or a newer one.`,
    });
  }
  return applied.rows.length === files.length;
}

async function createDatabaseIfMissing(url: string) {
  const missing = await withClient(url, async () => false).catch((error: { code?: string }) => {
    if (error.code === "3D000") return true;
    throw error;
  });
  if (!missing) return;
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  const maintenance = new URL(url);
  maintenance.pathname = "/postgres";
  await withClient(maintenance.href, async (client) => {
    await client
      .query(`CREATE DATABASE ${client.escapeIdentifier(name)}`)
      .catch((error: { code?: string }) => {
        // duplicate_database, or the same as a unique violation when two create it in the same instant.
        if (error.code !== "42P04" && error.code !== "23505") throw error;
      });
  });
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "drydock-migrate",
    connectionTimeoutMillis: 15_000,
  });
  try {
    await connect(client);
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Throws what the server said when there is no such database, else AppError: without the password, which url holds. */
async function connect(client: pg.Client) {
  try {
    await client.connect();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "3D000") throw error;
    throw new AppError({
      code: "database-unreachable",
      userMessage: `The database ${client.database} at ${client.host}:${client.port} cannot be used as ${client.user}: ${reasonOf(error)}. Start the server, correct DATABASE_URL, or unset it for the embedded Postgres.`,
      retryable: true,
      cause: error,
    });
  }
}

/** Where a name has several addresses, Node's error is a bundle of one error each with no words of its own. */
function reasonOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? first.message : String(first);
}
