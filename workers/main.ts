import { AppError } from "#course/errors.ts";
import { systemClock, systemMonotonic } from "#infra/clock/clock.ts";
import { type Config, ConfigError, loadConfig } from "#infra/config/config.ts";
import { createDb, workerLimits } from "#infra/db/connection/client.ts";
import { ensureInstallation } from "#infra/db/machines/installation.ts";
import { openFileStore } from "#infra/storage/open-file-store.ts";
import { surveyKeyFiles } from "#infra/surveys/key-files.ts";
import { createLogger, type Log } from "#infra/telemetry/logger.ts";
import type { PreparedFleet } from "./prepared-fleet.ts";
import { startWorker } from "./start-worker.ts";

/** What is under way when a stop is asked for gets this long; the next start finds the rest. */
const stopWithinMs = 8_000;

async function main(config: Config, log: Log): Promise<void> {
  const databaseUrl = config.databaseUrl ?? (await embeddedDatabase(config));
  const db = createDb(databaseUrl, { connections: 5, limits: workerLimits });
  const prepared = await prepareFleet(config, log, () => ensureInstallation(db, systemClock()));
  const { provider, images, agedImages } = prepared;
  const worker = await startWorker({
    config,
    db,
    databaseUrl,
    ...prepared,
    ...(config.poolAhead === "deadlines" && { ahead: { quotaVcpus: config.ec2?.spotVcpus ?? null } }),
    ...(config.ec2?.onDemand === "near-deadline" && { onDemandAllowed: () => true }),
    files: await openFileStore(config),
    surveyKeys: surveyKeyFiles(config.dataDir),
    clock: systemClock,
    monotonic: systemMonotonic,
    log,
  });
  // Until here a signal ends the process at once, which loses nothing: no job was taken.
  const stopAsked = new Promise<string>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve(signal));
  });
  log.info({ fleetMax: config.fleetMax, provider: provider.name }, "ready");
  log.info(
    { signal: await stopAsked },
    "Stopping: no more jobs are taken, running machines are left as they are.",
  );
  setTimeout(() => {
    log.warn("What is under way did not end in time; the next start goes on with it.");
    process.exit(1);
  }, stopWithinMs).unref();
  agedImages?.stop();
  await Promise.all([worker.close(), images.stop()]);
  await db.$disconnect();
}

/** What the other provider needs is not loaded. */
async function prepareFleet(
  config: Config,
  log: Log,
  installation: () => Promise<string>,
): Promise<PreparedFleet> {
  if (config.provider === "ec2")
    return (await import("./prepare/ec2.ts")).prepareEc2(config, log, installation);
  return (await import("./prepare/docker.ts")).prepareDocker(config, log);
}

/** The one that the site keeps running in the data folder; not loaded where a server is configured. */
async function embeddedDatabase(config: Config): Promise<string> {
  const { startEmbeddedPostgres } = await import("#infra/db/embedded.ts");
  return (await startEmbeddedPostgres({ dataDir: config.dataDir })).siteUrl;
}

function readConfig(): Config {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

const config = readConfig();
const log = createLogger({ name: "worker", level: config.logLevel });
main(config, log).then(
  () => process.exit(0),
  (err: unknown) => {
    log.fatal({ err }, err instanceof AppError ? err.userMessage : "The worker could not go on.");
    process.exit(1);
  },
);
