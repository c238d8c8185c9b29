import { mkdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { AppError } from "#course/errors.ts";
import type { Config } from "#infra/config/config.ts";
import { startEmbeddedPostgres } from "#infra/db/embedded.ts";
import { prepareDatabase } from "#infra/db/schema/prepare-database.ts";
import { type Child, startChild } from "./child.ts";
import { holdDataDir } from "./hold-data-dir.ts";
import { keepEmbedded } from "./keep-embedded.ts";
import { type MachinesLeft, machinesLeft } from "./machines-left.ts";
import { undoAll } from "./undo-all.ts";
import { untilHealthy } from "./until-healthy.ts";

export interface Site {
  baseUrl: string;
  databaseUrl: string;
  web: Child;
  worker: Child;
  /** Resolves with a sentence as soon as web or worker has ended, or Postgres has and could not be started again. */
  failed: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Runs Drydock on one machine: Postgres (embedded unless the configuration names one), migrations, `prepare`,
 * then web and worker as processes of their own. The machine image and the build must be there.
 * Throws AppError when a part does not come up, after stopping what did.
 */
export async function startSite(options: {
  root: string;
  config: Config;
  env: NodeJS.ProcessEnv;
  onStep: (step: string) => void;
  /**
   * Loads courses and users into the migrated database. What it returns is set for web and worker besides `env`; what it
   * starts is its caller's to end, after the site.
   */
  prepare: (databaseUrl: string) => Promise<Partial<NodeJS.ProcessEnv>>;
  /** One sentence on what happened to a part while the site runs. */
  say?: (sentence: string) => void;
  /** Told at a stop, when there are machines that grade on without the site. */
  onLeft?: (left: MachinesLeft) => void;
}): Promise<Site> {
  const { config, onStep } = options;
  const undo: (() => Promise<void>)[] = [];
  const stop = () => undoAll(undo);
  try {
    await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
    const hold = await holdDataDir(config.dataDir, onStep);
    undo.push(hold.release);
    // Uploads that were cut off by the death of a web server: nobody writes here now.
    await rm(path.join(config.dataDir, "files", ".incoming"), { recursive: true, force: true });
    onStep("Starting Postgres");
    const postgres = config.databaseUrl ? null : await startEmbeddedPostgres({ dataDir: config.dataDir });
    const kept = postgres && (await keepEmbedded(postgres, config.dataDir, hold, options.say));
    if (kept) undo.push(kept.stop);
    onStep("Migrating the database");
    const databaseUrl = await prepareDatabase(config, postgres);
    const prepared = await options.prepare(databaseUrl);
    // When the worker has ended, and the database has not.
    undo.push(() => tellLeft(databaseUrl, options.onLeft));

    onStep("Starting the web server and the worker");
    const port = await freePort(config.host, config.port);
    const local = `http://${config.host}:${port}`;
    const baseUrl = port === config.port ? config.baseUrl : otherAddress(config, local);
    const env: NodeJS.ProcessEnv = {
      ...options.env,
      ...prepared,
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
      DATABASE_URL: databaseUrl,
      DRYDOCK_HOST: config.host,
      DRYDOCK_PORT: String(port),
      // Whose rights they must not have.
      DRYDOCK_OWNER_DATABASE_URL: "",
      DRYDOCK_BASE_URL: baseUrl,
      DRYDOCK_DATA_DIR: config.dataDir,
    };
    const start = async (name: string, args: string[]) => {
      const child = await startChild({
        name,
        command: process.execPath,
        args,
        cwd: options.root,
        env,
        logFile: path.join(config.dataDir, "logs", `${name}.log`),
      });
      undo.push(child.stop);
      if (child.pid > 0) await hold.record(child.pid, "SIGTERM");
      return child;
    };
    const worker = await start("worker", ["--enable-source-maps", "dist/worker.mjs"]);
    const web = await start("web", ["dist/web.mjs"]);
    const failed = Promise.race([web.ended, worker.ended, ...(kept ? [kept.failed] : [])]);
    await untilHealthy(local, [web, worker]);
    return { baseUrl, databaseUrl, web, worker, failed, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function tellLeft(
  databaseUrl: string,
  onLeft: ((left: MachinesLeft) => void) | undefined,
): Promise<void> {
  if (onLeft === undefined) return;
  // A database that is away tells nothing, and must hold up no stop.
  const left = await machinesLeft(databaseUrl).catch(() => null);
  if (left !== null) onLeft(left);
}

/** A free port is as good as the wanted one, unless others were told an address that leads to that. */
function otherAddress(config: Config, local: string): string {
  if (config.baseUrl === `http://${config.host}:${config.port}`) return local;
  throw new AppError({
    code: "port-in-use",
    userMessage: `Another program listens on port ${config.port} of ${config.host}, to which ${config.baseUrl} leads: end that program, or set DRYDOCK_PORT and DRYDOCK_BASE_URL to another one.`,
  });
}

/** The wanted port, or a free one when another program has it. */
async function freePort(host: string, wanted: number): Promise<number> {
  const open = (port: number) =>
    new Promise<number | null>((resolve) => {
      const server = createServer();
      server.once("error", () => resolve(null));
      server.listen(port, host, () => {
        const address = server.address();
        server.close(() => resolve(typeof address === "object" && address ? address.port : null));
      });
    });
  const port = (await open(wanted)) ?? (await open(0));
  if (port === null) {
    throw new AppError({
      code: "no-port",
      userMessage: `No port can be opened on ${host}: check DRYDOCK_HOST.`,
    });
  }
  return port;
}
