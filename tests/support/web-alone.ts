import path from "node:path";
import { type Child, startChild } from "#bin/site/child.ts";
import { untilHealthy } from "#bin/site/until-healthy.ts";
import { freePort } from "./free-port.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** The built web server alone on a free port, without a worker; comes back when it answers. env goes over its settings. */
export async function startWebAlone(site: {
  dataDir: string;
  databaseUrl: string;
  env: Record<string, string>;
}): Promise<{ web: Child; baseUrl: string }> {
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
      DATABASE_URL: site.databaseUrl,
      REDIS_URL: "",
      DRYDOCK_AUTH_SECRET: "",
      DRYDOCK_HOST: "127.0.0.1",
      DRYDOCK_PORT: String(port),
      DRYDOCK_BASE_URL: baseUrl,
      DRYDOCK_DATA_DIR: site.dataDir,
      ...site.env,
    },
    logFile: path.join(site.dataDir, "logs/web.log"),
  });
  try {
    await untilHealthy(baseUrl, [web]);
  } catch (error) {
    await web.stop();
    throw error;
  }
  return { web, baseUrl };
}
