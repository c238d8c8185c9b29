import { existsSync } from "node:fs";
import path from "node:path";
import { AppError } from "#course/errors.ts";
import { type Config, loadConfig } from "#infra/config/config.ts";
import { createDb, type Db } from "#infra/db/connection/client.ts";
import { startEmbeddedPostgres } from "#infra/db/embedded.ts";
import { findInstallation } from "#infra/db/machines/installation.ts";
import { prepareDatabase } from "#infra/db/schema/prepare-database.ts";
import { CommandFailure, exitCode } from "./exit.ts";

const root = path.resolve(import.meta.dirname, "../..");

/**
 * As withDatabase, for what is done to a Drydock that is there: none is made where the configuration names another place
 * than web and worker have.
 */
export async function withInstallation<T>(
  work: (db: Db, config: Config, installation: string) => Promise<T>,
): Promise<T> {
  const config = settle();
  const { databaseUrl, dataDir } = config;
  const settings = "Run this with the environment of its web and worker (DATABASE_URL, or DRYDOCK_DATA_DIR)";
  if (databaseUrl === null && !existsSync(path.join(dataDir, "cluster", "PG_VERSION")))
    throw new CommandFailure(exitCode.badInput, `There is no Drydock in ${dataDir}. ${settings}.`);
  return workOn(config, async (db) => {
    const installation = await findInstallation(db);
    if (installation === null)
      throw new CommandFailure(
        exitCode.badInput,
        `Neither web nor worker has used this database yet. ${settings}, or start one of them once.`,
      );
    return work(db, config, installation);
  });
}

/**
 * Runs work on the configured database, migrated: DATABASE_URL, else the embedded Postgres, which is started for as
 * long as the work takes unless it runs already. Relative folders in the configuration are those of the checkout.
 */
export async function withDatabase<T>(work: (db: Db, config: Config) => Promise<T>): Promise<T> {
  const config = settle();
  return workOn(config, (db) => work(db, config));
}

function settle(): Config {
  process.chdir(root);
  return loadConfig();
}

async function workOn<T>(config: Config, work: (db: Db) => Promise<T>): Promise<T> {
  const postgres =
    config.databaseUrl === null ? await startEmbeddedPostgres({ dataDir: config.dataDir }) : null;
  try {
    const db = createDb(await prepareDatabase(config, postgres));
    try {
      return await work(db);
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
