import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Services } from "../services.ts";

export interface Health {
  status: "ok" | "unavailable";
  version: string;
  database: "reachable" | "unreachable";
  /** unknown: the database cannot be asked. */
  migrations: "applied" | "pending" | "unknown";
}

/** Whether this process can do its work: the database answers and has this version's tables. */
export async function checkHealth({ db, log }: Pick<Services, "db" | "log">): Promise<Health> {
  const version = await ownVersion();
  try {
    await db.$queryRaw`SELECT 1`;
  } catch (err) {
    log.warn({ err }, "The database does not answer.");
    return { status: "unavailable", version, database: "unreachable", migrations: "unknown" };
  }
  const applied = await appliedMigrations(db);
  const wanted = await shippedMigrations();
  if (wanted.every((name) => applied.has(name))) {
    return { status: "ok", version, database: "reachable", migrations: "applied" };
  }
  return { status: "unavailable", version, database: "reachable", migrations: "pending" };
}

/** Read and not imported: an import would put all of package.json into the bundle. */
async function ownVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(path.resolve("package.json"), "utf8")) as { version: string };
  return version;
}

/** Next starts in the folder that holds the site; where a bundled module lies says nothing. */
async function shippedMigrations(): Promise<string[]> {
  const entries = await readdir(path.resolve("prisma/migrations"), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

async function appliedMigrations(db: Services["db"]): Promise<Set<string>> {
  const [table] = await db.$queryRaw<{ known: boolean }[]>`
    SELECT to_regclass('_prisma_migrations') IS NOT NULL AS known`;
  if (!table?.known) return new Set();
  const rows = await db.$queryRaw<{ migration_name: string }[]>`
    SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`;
  return new Set(rows.map((row) => row.migration_name));
}
