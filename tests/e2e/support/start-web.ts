import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildSite } from "#bin/site/build-site.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { startWebAlone } from "#tests/support/web-alone.ts";

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
  const { web, baseUrl } = await startWebAlone({
    dataDir,
    databaseUrl: database.url,
    env: { DRYDOCK_LOG_LEVEL: "info", ...env },
  });
  const log = () => web.tail(100_000);
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
