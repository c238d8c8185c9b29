import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { MigrationList } from "@prisma/schema-engine-wasm/schema_engine_bg";

export const prismaDir = path.resolve(import.meta.dirname, "../../../prisma");
export const migrationsDir = path.join(prismaDir, "migrations");

export interface MigrationFile {
  /** Folder name: <timestamp>_<name>. */
  name: string;
  sql: string;
  /** As Prisma writes it into _prisma_migrations: sha256 (hex) of the script. */
  checksum: string;
}

/** All migrations of this checkout, oldest first. */
export async function readMigrationFiles(): Promise<MigrationFile[]> {
  const entries = await readdir(migrationsDir, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(path.join(migrationsDir, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

/** The same in the shape the schema engine takes. */
export async function readMigrationList(): Promise<MigrationList> {
  const files = await readMigrationFiles();
  return {
    baseDir: migrationsDir,
    lockfile: {
      path: "migration_lock.toml",
      content: await readFile(path.join(migrationsDir, "migration_lock.toml"), "utf8"),
    },
    shadowDbInitScript: "",
    migrationDirectories: files.map((file) => ({
      path: file.name,
      migrationFile: { path: "migration.sql", content: { tag: "ok", value: file.sql } },
    })),
  };
}

/** schema.prisma as the schema engine takes it. */
export async function readDatamodel(): Promise<{ path: string; content: string }> {
  const file = path.join(prismaDir, "schema.prisma");
  return { path: file, content: await readFile(file, "utf8") };
}
