import { Redis } from "ioredis";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createJobQueue, type JobError, startJobRunner } from "#infra/queue/bullmq.ts";
import type { JobQueue, JobRunner } from "#infra/queue/catalogue.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { redisMissing, startTestRedis, type TestRedis } from "#tests/support/redis.ts";

if (redisMissing !== null) console.warn(`Skipped: the queue on Redis. ${redisMissing}`);

interface Backend {
  redisUrl: string | null;
  /** Everything the queue holds is gone, as after a lost disk. */
  wipe(): Promise<void>;
}

let database: TestDatabase;
let redis: TestRedis | null = null;

beforeAll(async () => {
  if (redisMissing === null) redis = await startTestRedis();
});
afterAll(async () => {
  await redis?.close();
});
beforeEach(async () => {
  database = await startTestDatabase();
});
afterEach(async () => {
  await database.close();
});

function postgresBackend(): Backend {
  return {
    redisUrl: null,
    wipe: async () => {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      const tables = await client.query<{ name: string }>(
        "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'bullmq' AND tablename NOT LIKE '%migration%'",
      );
      await client.query(`TRUNCATE ${tables.rows.map((row) => row.name).join(", ")} CASCADE`);
      await client.end();
    },
  };
}

function redisBackend(): Backend {
  const url = redis?.url ?? "";
  return {
    redisUrl: url,
    wipe: async () => {
      const client = new Redis(url);
      await client.flushall();
      await client.quit();
    },
  };
}

/** What a handler was given, and a promise for the moment it has been called so often. */
function recorder() {
  const seen: string[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const record = (runId: string) => {
    seen.push(runId);
    for (const wait of waiting) if (seen.length >= wait.count) wait.resolve();
  };
  const reached = (count: number) =>
    new Promise<void>((resolve) => {
      if (seen.length >= count) resolve();
      else waiting.push({ count, resolve });
    });
  return { seen, record, reached };
}

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe.each([
  { name: "PostgreSQL", backendOf: postgresBackend, skip: false },
  { name: "Redis", backendOf: redisBackend, skip: redisMissing !== null },
])("the queue on $name", ({ backendOf, skip }) => {
  let backend: Backend;
  let open: (JobQueue | JobRunner)[];
  let failures: JobError[];

  beforeEach(async () => {
    backend = backendOf();
    open = [];
    failures = [];
    if (backend.redisUrl !== null && !skip) await backend.wipe();
  });
  afterEach(async () => {
    for (const one of open.reverse()) await one.close();
  });

  const addresses = () => ({ databaseUrl: database.url, redisUrl: backend.redisUrl });
  const newQueue = async () => {
    const queue = await createJobQueue(addresses());
    open.push(queue);
    return queue;
  };
  const newRunner = async (gradeRun: (runId: string) => Promise<void>, concurrency = 1) => {
    const runner = await startJobRunner({
      ...addresses(),
      concurrency,
      handlers: { "grade-run": ({ runId }) => gradeRun(runId) },
      onError: (failure) => failures.push(failure),
    });
    open.push(runner);
    return runner;
  };

  it.skipIf(skip)("hands every job to a worker once, also those added before it started", async () => {
    const queue = await newQueue();
    const { seen, record, reached } = recorder();
    for (let i = 0; i < 10; i++) await queue.add("grade-run", { runId: `early-${i}` });
    await newRunner(async (runId) => record(runId), 4);
    for (let i = 0; i < 10; i++) await queue.add("grade-run", { runId: `late-${i}` });
    await reached(20);
    expect(new Set(seen).size).toBe(20);
    expect(seen).toHaveLength(20);
    expect(failures).toEqual([]);
  });

  it.skipIf(skip)("holds a run once while it waits, however often it is added", async () => {
    const queue = await newQueue();
    const other = await newQueue();
    await Promise.all(
      Array.from({ length: 8 }, (_, i) => (i % 2 ? queue : other).add("grade-run", { runId: "run_a" })),
    );
    await queue.add("grade-run", { runId: "run_b" });
    const { seen, record, reached } = recorder();
    await newRunner(async (runId) => record(runId));
    await reached(2);
    expect(seen).toEqual(["run_a", "run_b"]);
  });

  it.skipIf(skip)("takes a run again once its job has ended well", async () => {
    const queue = await newQueue();
    const { seen, record, reached } = recorder();
    await newRunner(async (runId) => record(runId));
    await queue.add("grade-run", { runId: "run_a" });
    await reached(1);
    // A second kind of job tells when the first has left the queue: one worker takes them in order.
    await queue.add("grade-run", { runId: "run_b" });
    await reached(2);
    await queue.add("grade-run", { runId: "run_a" });
    await reached(3);
    expect(seen).toEqual(["run_a", "run_b", "run_a"]);
  });

  it.skipIf(skip)("tells of a handler that throws, goes on, and takes that run again", async () => {
    const queue = await newQueue();
    const { seen, record, reached } = recorder();
    const failed = recorder();
    const runner = await startJobRunner({
      ...addresses(),
      concurrency: 1,
      handlers: {
        "grade-run": async ({ runId }) => {
          record(runId);
          if (seen.length === 1) throw new Error("no room for this one");
        },
      },
      onError: (failure) => {
        failures.push(failure);
        failed.record(failure.error.message);
      },
    });
    open.push(runner);
    await queue.add("grade-run", { runId: "run_a" });
    await failed.reached(1);
    expect(failures).toMatchObject([
      { error: { message: "no room for this one" }, job: { name: "grade-run", data: { runId: "run_a" } } },
    ]);
    await queue.add("grade-run", { runId: "run_b" });
    await queue.add("grade-run", { runId: "run_a" });
    await reached(3);
    expect(seen).toEqual(["run_a", "run_b", "run_a"]);
    expect(failures).toHaveLength(1);
  });

  it.skipIf(skip)("survives being wiped: what is added afterwards is done", async () => {
    const queue = await newQueue();
    const { seen, record, reached } = recorder();
    await queue.add("grade-run", { runId: "run_lost" });
    await backend.wipe();
    await newRunner(async (runId) => record(runId));
    await queue.add("grade-run", { runId: "run_a" });
    await reached(1);
    await backend.wipe();
    await queue.add("grade-run", { runId: "run_a" });
    await reached(2);
    expect(seen).toEqual(["run_a", "run_a"]);
  });

  it.skipIf(skip)("runs as many at once as it may, and no more", async () => {
    const queue = await newQueue();
    const started = recorder();
    const { opened, open: letGo } = gate();
    let atOnce = 0;
    let most = 0;
    await newRunner(async (runId) => {
      most = Math.max(most, ++atOnce);
      started.record(runId);
      await opened;
      atOnce--;
    }, 3);
    for (let i = 0; i < 6; i++) await queue.add("grade-run", { runId: `run_${i}` });
    await started.reached(3);
    letGo();
    await started.reached(6);
    expect(most).toBe(3);
  });

  it.skipIf(skip)("waits at its end for the job that is under way", async () => {
    const queue = await newQueue();
    const started = recorder();
    const { opened, open: letGo } = gate();
    let ended = false;
    const runner = await newRunner(async (runId) => {
      started.record(runId);
      await opened;
      ended = true;
    });
    await queue.add("grade-run", { runId: "run_a" });
    await started.reached(1);
    const closed = runner.close();
    letGo();
    await closed;
    expect(ended).toBe(true);
  });

  it.skipIf(skip)("refuses a payload that its catalogue does not know", async () => {
    const queue = await newQueue();
    await expect(queue.add("grade-run", { runId: "" })).rejects.toThrow();
  });
});

describe("a queue that is not there", () => {
  it("is named in one sentence with what to do", async () => {
    const redisUrl = "redis://user:secret@127.0.0.1:1";
    const opening = createJobQueue({ databaseUrl: database.url, redisUrl });
    await expect(opening).rejects.toMatchObject({
      code: "queue-unreachable",
      userMessage:
        "Redis at 127.0.0.1:1 does not answer: start it, correct REDIS_URL, or unset it to keep the queue in PostgreSQL.",
    });
  });
});
