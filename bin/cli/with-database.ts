import path from "node:path";
import { AppError } from "#course/errors.ts";
import { type Config, loadConfig } from "#infra/config/config.ts";
import { createDb, type Db } from "#infra/db/connection/client.ts";
import { startEmbeddedPostgres } from "#infra/db/embedded.ts";
import { prepareDatabase } from "#infra/db/schema/prepare-database.ts";
import { CommandFailure, exitCode } from "./exit.ts";

const root = path.resolve(import.meta.dirname, "../..");

/**
 * Runs work on the configured database, migrated: DATABASE_URL, else the embedded Postgres, which is started for as
 * long as the work takes unless it runs already. Relative folders in the configuration are those of the checkout.
 */
export async function withDatabase<T>(work: (db: Db, config: Config) => Promise<T>): Promise<T> {
  process.chdir(root);
  const config = loadConfig();
  const postgres =
    config.databaseUrl === null ? await startEmbeddedPostgres({ dataDir: config.dataDir }) : null;
  try {
    const db = createDb(await prepareDatabase(config, postgres));
    try {
      return await work(db, config);
    } catch (error) {
      // A course that is not there, files that are wrong: the caller's to put right, not the platform's.
      if (!(error instanceof AppError)) throw error;
      throw new CommandFailure(exitCode.badInput, error.userMessage, { cause: error });
    } finally {
      await db.$disconnect();
    }
  } finally {
    await postgres?.stop();
  }
}
