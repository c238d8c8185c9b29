import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmbeddedPostgres } from "../embedded.ts";
import { migrate } from "./migrate.ts";
import { migrationsDir } from "./migration-files.ts";
import { pendingChanges } from "./pending-changes.ts";

/**
 * Writes the folder of a new migration with what schema.prisma has over the migrations so far; add by hand the rules
 * that Prisma cannot say. Usage: node --import tsx infra/db/schema/new-migration.ts add_surveys
 */
async function main(name: string | undefined) {
  if (name === undefined || !/^[a-z][a-z0-9_]*$/.test(name)) {
    throw new Error("Name the migration in lower case with underscores, such as add_surveys.");
  }
  const dataDir = await mkdtemp(path.join(tmpdir(), "drydock-migration-"));
  const server = await startEmbeddedPostgres({ dataDir });
  try {
    await migrate(server.url);
    const sql = await pendingChanges(server.url);
    const timestamp = new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14);
    const folder = path.join(migrationsDir, `${timestamp}_${name}`);
    await mkdir(folder);
    await writeFile(path.join(folder, "migration.sql"), sql ?? "-- schema.prisma asks for nothing new.\n");
    process.stdout.write(`${folder}/migration.sql\n`);
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

await main(process.argv[2]);
