import { afterEach, describe, expect, test } from "vitest";
import { type FaultSite, openFaultSite } from "./support/fault-site.ts";
import { redisInstalled, startRedis } from "./support/redis.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function open(options: { redisUrl?: string }): Promise<FaultSite> {
  const site = await openFaultSite(options);
  cleanups.push(site.close);
  return site;
}

/** Two runs grade, three wait; then the queue is gone. */
async function wipeWhileRunsWait(site: FaultSite, wipe: () => Promise<void>) {
  await site.hold("result");
  await site.startWorker();
  const submitted = [];
  for (let i = 0; i < 5; i++) submitted.push(await site.submit());
  const [first, second] = submitted;
  for (const run of [first, second]) await site.runState(run?.runId ?? "", "running");
  expect(await site.db.run.count({ where: { state: "queued" } })).toBe(3);
  await wipe();
  await site.unhold("result");
  const attempts = [];
  for (const { submissionId } of submitted) {
    attempts.push((await site.expectGradedOnce(submissionId)).run.attempt);
  }
  expect(attempts).toEqual([1, 1, 1, 1, 1]);
}

test("a queue on Postgres that is emptied loses no run", async () => {
  const site = await open({});
  await wipeWhileRunsWait(site, async () => {
    const tables = await site.db.$queryRaw<{ name: string }[]>`
      SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name
      FROM pg_tables WHERE schemaname = 'bullmq' AND tablename NOT LIKE '%migration%'`;
    expect(tables.length).toBeGreaterThan(0);
    await site.db.$executeRawUnsafe(`TRUNCATE ${tables.map((table) => table.name).join(", ")}`);
  });
});

describe.skipIf(!redisInstalled)("with Redis", () => {
  test("a queue that is emptied loses no run", async () => {
    const redis = await startRedis();
    cleanups.push(redis.stop);
    await wipeWhileRunsWait(await open({ redisUrl: redis.url }), redis.wipe);
  });

  test("a Redis that is gone stops nothing: runs start from the database", async () => {
    const redis = await startRedis();
    cleanups.push(redis.stop);
    const site = await open({ redisUrl: redis.url });
    await site.startWorker();
    await redis.stop();
    const { submissionId } = await site.submit();
    expect((await site.expectGradedOnce(submissionId)).run.attempt).toBe(1);
  });

  test("a worker that is killed while it grades ends the run graded once", async () => {
    const redis = await startRedis();
    cleanups.push(redis.stop);
    const site = await open({ redisUrl: redis.url });
    await site.hold("launch");
    await site.startWorker();
    const { submissionId } = await site.submit();
    await site.launchHeld();
    await site.killWorker();
    await site.unhold("launch");
    await site.startWorker();
    expect((await site.expectGradedOnce(submissionId)).run.attempt).toBe(2);
  });
});
