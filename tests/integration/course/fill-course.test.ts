import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readPresentations } from "#app/_server/queries/course/presentations.ts";
import { readResults } from "#app/_server/queries/surveys/survey-results.ts";
import type { Services } from "#app/_server/services.ts";
import { demoAccounts } from "#bin/demo/accounts.ts";
import { makeDemoCourse } from "#bin/demo/demo-course.ts";
import { fillCourse } from "#bin/demo/fill/fill-course.ts";
import { prepareCourse } from "#bin/demo/prepare-course.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { type Config, loadConfig } from "#infra/config/config.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";

let database: TestDatabase;
let config: Config;
let courseSlug: string;
let of: { id: string; timeZone: string };

beforeAll(async () => {
  database = await startTestDatabase();
  const dataDir = await mkdtemp(path.join(tmpdir(), "dd-fill-"));
  config = { ...loadConfig({}), dataDir, databaseUrl: database.url };
  const course = await makeDemoCourse({ ...config, now: systemClock() });
  courseSlug = course.slug;
  await prepareCourse({ databaseUrl: database.url, config, course, people: await demoAccounts(dataDir) });
  of = await database.db.course.findUniqueOrThrow({ where: { slug: courseSlug } });
});
afterAll(async () => {
  await database?.close();
  if (config) await rm(config.dataDir, { recursive: true, force: true });
});

test("the demo's course has its class, its nine presentations and its averages, however often it is filled", async () => {
  const { db, url: databaseUrl } = database;
  const fill = () => fillCourse({ databaseUrl, config, courseSlug, onStep: () => undefined });
  await fill();
  await fill();
  const sections = await db.section.findMany({
    orderBy: { code: "asc" },
    select: { code: true, _count: { select: { enrollments: { where: { role: "student" } } } } },
  });
  expect(sections.map(({ code, _count }) => [code, _count.enrollments])).toEqual([
    ["462", 42],
    ["562", 20],
  ]);
  const services = { db, clock: systemClock } as unknown as Services;
  const view = await readPresentations(services, of, "");
  const plan = (view?.talks ?? []).map(({ place, members, title }) => {
    const day = view?.days.findIndex((one) => one.day === place?.day);
    return `${day}.${place?.position} ${members.length} ${title.split(/[:?]/)[0]}`;
  });
  expect(plan).toEqual([
    "0.1 3 Sandboxing Functions for Efficient and Secure Multi-tenant Serverless Deployments",
    "0.2 3 Serverless",
    "0.3 2 Azure Kubernetes Service",
    "0.4 1 Tiny Autoscalers for Tiny Workloads",
    "1.1 2 AWS Amplify",
    "2.1 2 FootPrinter",
    "2.2 3 SageMaker",
    "2.3 1 Process-as-a-Service",
    "2.4 2 Goldfish",
  ]);
  const results = await readResults(services, of);
  const shown = JSON.stringify(results);
  for (const average of ["6.36", "5.83"]) expect(shown, average).toContain(average);
});
