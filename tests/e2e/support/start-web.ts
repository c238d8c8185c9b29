import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { buildSite } from "#bin/site/build-site.ts";
import { type Child, startChild } from "#bin/site/child.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { freePort } from "#tests/support/free-port.ts";

export interface TestWeb {
  baseUrl: string;
  database: TestDatabase;
  /** Files, keys and logs of this server alone. */
  dataDir: string;
  /** The server's process, for what only the system knows of it. */
  pid: number;
  /** Everything it logged so far. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * The built site as a process of its own, on a fresh migrated database and an empty data folder, listening on a free
 * port; `env` goes over its settings. Builds first when the build is missing or older than the sources, so that no test judges yesterday's code.
 */
export async function startWeb(env: Record<string, string> = {}): Promise<TestWeb> {
  const root = path.resolve(import.meta.dirname, "../../..");
  await buildSite(root, () => undefined);
  const database = await startTestDatabase();
  const dataDir = await mkdtemp(path.join(tmpdir(), "drydock-web-"));
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const web = await startChild({
    name: "web",
    command: process.execPath,
    args: ["dist/web.mjs"],
    cwd: root,
    env: {
      ...process.env,
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
      DATABASE_URL: database.url,
      REDIS_URL: "",
      DRYDOCK_AUTH_SECRET: "",
      DRYDOCK_HOST: "127.0.0.1",
      DRYDOCK_PORT: String(port),
      DRYDOCK_BASE_URL: baseUrl,
      DRYDOCK_DATA_DIR: dataDir,
      DRYDOCK_LOG_LEVEL: "info",
      ...env,
    },
    logFile: path.join(dataDir, "logs/web.log"),
  });
  const log = () => web.tail(100_000);
  await untilHealthy(baseUrl, web);
  return {
    baseUrl,
    database,
    dataDir,
    pid: web.pid,
    log,
    async stop() {
      await web.stop();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A server that does not come up ends the tests with its own last words. */
async function untilHealthy(baseUrl: string, web: Child): Promise<void> {
  let ended: string | undefined;
  void web.ended.then((how) => {
    ended = how;
  });
  while (ended === undefined) {
    const healthy = await fetch(`${baseUrl}/api/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (healthy) return;
    await pause(50);
  }
  throw new Error(`${ended}\n${await web.tail()}`);
}
