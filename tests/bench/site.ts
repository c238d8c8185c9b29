import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { loadConfig } from "#infra/config/config.ts";
import { prepareCourse } from "../../bin/demo/prepare-course.ts";
import { type Site, startSite } from "../../bin/site/start-site.ts";
import { unlessInterrupted } from "./interrupt.ts";
import { measureLargeUpload } from "./large-upload.ts";
import { measureLogLatency } from "./log-latency.ts";
import { treeMemoryMiB } from "./memory.ts";
import { benchStudent } from "./student.ts";
import type { Row } from "./table.ts";

/** Web, worker and embedded Postgres as in production, with the benchmark's own course and data folder. */
export async function measureSite(): Promise<Row[]> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), "drydock-bench-site-"));
  const env = {
    ...process.env,
    DATABASE_URL: "",
    REDIS_URL: "",
    DRYDOCK_DATA_DIR: dataDir,
    DRYDOCK_CONTENT_DIR: path.resolve("tests/bench/content"),
    DRYDOCK_DEPLOYMENT: "bench-site",
    DRYDOCK_PORT: "3977",
    DRYDOCK_LOG_LEVEL: "warn",
  };
  const config = loadConfig(env);
  const site = await startSite({
    root: path.resolve("."),
    config,
    env,
    onStep: () => {},
    prepare: async (databaseUrl) => {
      await prepareCourse({
        ...{ databaseUrl, config, people: [benchStudent] },
        course: { contentDir: config.contentDir, slug: "bench" },
      });
      return {};
    },
  });
  try {
    return await unlessInterrupted(measureAll(site));
  } finally {
    await site.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measureAll(site: Site): Promise<Row[]> {
  return [await measureIdle(site), ...(await measureLogLatency(site)), ...(await measureLargeUpload(site))];
}

/** The supervisor itself is this benchmark, so its children are what counts: web, worker and Postgres. */
async function measureIdle(site: Site): Promise<Row> {
  await fetch(`${site.baseUrl}/sign-in`);
  // Idle is what is left once start-up is over.
  await new Promise((resolve) => setTimeout(resolve, 20_000));
  const mib = await treeMemoryMiB(process.pid, { without: process.pid });
  return {
    goal: "web, worker and Postgres under 800 MB when idle",
    figure: `${mib.toFixed(0)} MiB (proportional set size)`,
    pass: mib * 1.048576 < 800,
  };
}
