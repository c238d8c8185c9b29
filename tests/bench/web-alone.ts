import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "#tests/support/free-port.ts";
import { type Child, startChild } from "../../bin/site/child.ts";

/** The built web server alone on a free port, without a worker; comes back when it answers. */
export async function startWebAlone(site: {
  dataDir: string;
  databaseUrl: string;
  /** Of sessions, at least 32 characters. */
  secret: string;
}): Promise<{ web: Child; baseUrl: string }> {
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const web = await startWeb({ ...site, port, baseUrl });
  try {
    await untilHealthy(baseUrl, web);
  } catch (error) {
    await web.stop();
    throw error;
  }
  return { web, baseUrl };
}

function startWeb(site: {
  dataDir: string;
  databaseUrl: string;
  port: number;
  baseUrl: string;
  secret: string;
}): Promise<Child> {
  return startChild({
    name: "web",
    command: process.execPath,
    args: ["dist/web.mjs"],
    cwd: path.resolve("."),
    env: {
      ...process.env,
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
      DATABASE_URL: site.databaseUrl,
      REDIS_URL: "",
      DRYDOCK_AUTH_SECRET: site.secret,
      DRYDOCK_HOST: "127.0.0.1",
      DRYDOCK_PORT: `${site.port}`,
      DRYDOCK_BASE_URL: site.baseUrl,
      DRYDOCK_DATA_DIR: site.dataDir,
      DRYDOCK_LOG_LEVEL: "warn",
    },
    logFile: path.join(site.dataDir, "logs/web.log"),
  });
}

async function untilHealthy(baseUrl: string, web: Child): Promise<void> {
  let ended: string | undefined;
  void web.ended.then((how) => {
    ended = how;
  });
  const until = performance.now() + 60_000;
  while (ended === undefined && performance.now() < until) {
    const healthy = await fetch(`${baseUrl}/api/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (healthy) return;
    await pause(100);
  }
  throw new Error(`${ended ?? "The web server did not get healthy within a minute."}\n${await web.tail()}`);
}
