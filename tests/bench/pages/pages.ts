import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { demoCourse, makeDemoCourse } from "#bin/demo/demo-course.ts";
import { prepareCourse } from "#bin/demo/prepare-course.ts";
import { buildSite } from "#bin/site/build-site.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { loadConfig } from "#infra/config/config.ts";
import { createDb } from "#infra/db/connection/client.ts";
import { startEmbeddedPostgres } from "#infra/db/embedded.ts";
import { migrate } from "#infra/db/schema/migrate.ts";
import { signInAs } from "#tests/e2e/support/people.ts";
import { seedClass } from "#tests/support/pages/seed-class.ts";
import { sitePages } from "#tests/support/pages/site-pages.ts";
import { startWebAlone } from "#tests/support/web-alone.ts";
import { unlessInterrupted } from "../interrupt.ts";
import type { Row } from "../table.ts";
import { measureFirstBytes } from "./first-bytes.ts";
import { measureWeights } from "./weights.ts";

const students = 62;
const secret = "a secret of the benchmark alone, thirty-two long";

/** Every page of the site with a class of 62: what a browser loads for it, and how soon the server begins to answer. */
export async function measurePages(): Promise<Row[]> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), "drydock-bench-pages-"));
  await buildSite(path.resolve("."), () => undefined);
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    await migrate(postgres.url);
    const { url: databaseUrl } = postgres;
    const config = loadConfig({ ...process.env, DATABASE_URL: databaseUrl, DRYDOCK_DATA_DIR: dataDir });
    const course = await makeDemoCourse({ ...config, now: systemClock() });
    await prepareCourse({ databaseUrl, config, course, people: [] });
    const { web, baseUrl } = await startWebAlone({
      dataDir,
      databaseUrl,
      env: { DRYDOCK_AUTH_SECRET: secret, DRYDOCK_LOG_LEVEL: "warn", DRYDOCK_CONTENT_DIR: course.contentDir },
    });
    try {
      return await unlessInterrupted(measureAll(databaseUrl, { baseUrl, pid: web.pid }));
    } finally {
      await web.stop();
    }
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measureAll(databaseUrl: string, web: { baseUrl: string; pid: number }): Promise<Row[]> {
  const db = createDb(databaseUrl);
  try {
    const seeded = await seedClass(db, { courseSlug: demoCourse, students, now: systemClock() });
    const site = { baseUrl: web.baseUrl, database: { db } };
    const cookies = {
      student: (await signInAs(site, seeded.student)).cookie,
      instructor: (await signInAs(site, seeded.instructor)).cookie,
    };
    const pages = sitePages(seeded);
    return [
      ...(await measureFirstBytes(web, pages, cookies)),
      ...(await measureWeights(web.baseUrl, pages, cookies)),
    ];
  } finally {
    await db.$disconnect();
  }
}
