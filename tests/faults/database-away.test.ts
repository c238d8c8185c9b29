import { Socket } from "node:net";
import { constants } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { submitWork } from "#grading/submissions/submit-work.ts";
import { systemMonotonic } from "#infra/clock/clock.ts";
import { createDb, type Db } from "#infra/db/connection/client.ts";
import { isDatabaseAway, isDatabaseNotReached } from "#infra/db/connection/database-away.ts";
import { watchDatabase } from "#infra/db/connection/watch-database.ts";
import { limitQueue } from "#infra/queue/limit-queue.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { type SeededCourse, seedCourse } from "#tests/support/seed.ts";
import { filesOf, startSubmitFixture, submitInput, zipOf } from "#tests/support/submit.ts";

let database: TestDatabase;
const open: Db[] = [];
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(async () => {
  for (const db of open) await db.$disconnect();
  await database?.close();
});

const limits = { statementMs: 1_000, answerMs: 2_000 };
function connect(connections: number): Db {
  const db = createDb(database.url, { connections, limits });
  open.push(db);
  return db;
}
const failure = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  );
/** The processes of the server that serve this many connections of the client. */
async function backends(db: Db, count: number): Promise<number[]> {
  const rows = await Promise.all(
    Array.from(
      { length: count },
      () => db.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid, pg_sleep(0.3)::text`,
    ),
  );
  return [...new Set(rows.map(([row]) => row?.pid ?? 0))];
}

test("frozen backends keep nobody waiting: what they were asked fails in time, everybody else is served", async () => {
  const db = connect(3);
  const [frozen, ...others] = await backends(db, 3);
  if (frozen === undefined || others.length < 2) throw new Error("There are not three connections.");
  process.kill(frozen, "SIGSTOP");
  try {
    const started = performance.now();
    const asked = await Promise.all(Array.from({ length: 9 }, () => failure(db.user.count())));
    expect(performance.now() - started).toBeLessThan(limits.answerMs + 3_000);
    const failed = asked.filter((error) => error !== null);
    expect(failed).toHaveLength(1);
    expect(failed.every(isDatabaseAway)).toBe(true);
    // Another connection is in the place of the one that was given up.
    for (let times = 0; times < 6; times += 1) expect(await db.user.count()).toBe(0);
  } finally {
    process.kill(frozen, "SIGCONT");
  }
});

test("a transaction whose backend freezes ends in time as well, and its connection is used no more", async () => {
  const db = connect(1);
  let frozen = 0;
  const started = performance.now();
  const error = await failure(
    db.$transaction(
      async (tx) => {
        const [row] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
        frozen = row?.pid ?? 0;
        process.kill(frozen, "SIGSTOP");
        await tx.user.count();
      },
      { timeout: 30_000 },
    ),
  );
  try {
    expect(isDatabaseAway(error)).toBe(true);
    expect(performance.now() - started).toBeLessThan(2 * limits.answerMs + 3_000);
    expect(await db.user.count()).toBe(0);
  } finally {
    process.kill(frozen, "SIGCONT");
  }
});

test("a statement that takes too long is ended by the server, and the next one is answered", async () => {
  const db = connect(1);
  expect(isDatabaseAway(await failure(db.$queryRaw`SELECT pg_sleep(5)::text`))).toBe(true);
  expect(await db.user.count()).toBe(0);
});

test("what a server that stops, or is gone, makes of queries is known for that, and whoever watches is told both ways", async () => {
  const db = connect(2);
  expect(await db.user.count()).toBe(0);
  const told: boolean[] = [];
  const watch = watchDatabase(database.url, {
    everyMs: 100,
    limitMs: 2_000,
    monotonic: systemMonotonic,
    onChange: (answers) => told.push(answers),
  });
  await pause(500);
  const before = systemMonotonic();
  expect(watch.wasAway(before)).toBe(false);
  const underWay = failure(db.$queryRaw`SELECT pg_sleep(0.9)::text`);
  const inTransaction = failure(
    db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT pg_sleep(0.9)::text`;
    }),
  );
  await pause(200);
  await database.server.halt();
  expect(isDatabaseAway(await underWay)).toBe(true);
  expect(isDatabaseAway(await inTransaction)).toBe(true);
  await expect.poll(() => watch.answers).toBe(false);
  for (const error of [
    await failure(db.user.count()),
    await failure(db.$transaction((tx) => tx.user.count())),
  ]) {
    expect(isDatabaseAway(error)).toBe(true);
    expect(isDatabaseNotReached(error)).toBe(true);
  }
  await database.server.resume();
  await expect.poll(() => watch.answers, { timeout: 10_000 }).toBe(true);
  await expect.poll(() => failure(db.user.count()), { timeout: 10_000 }).toBeNull();
  expect(told).toEqual([false, true]);
  expect(watch.wasAway(before)).toBe(true);
  expect(watch.wasAway(systemMonotonic())).toBe(false);
  await watch.close();
});

test.each(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"])(
  "an open connection that fails with %s leaves it open whether its transaction was committed",
  async (code) => {
    const connecting = vi.spyOn(Socket.prototype, "connect");
    const db = connect(1);
    expect(await db.user.count()).toBe(0);
    const sockets = connecting.mock.contexts as Socket[];
    connecting.mockRestore();
    // As node reports what the kernel says of a read.
    const said = Object.assign(new Error(`read ${code}`), {
      code,
      errno: -constants.errno[code as "ECONNREFUSED"],
      syscall: "read",
    });
    const error = await failure(
      db.$transaction(async (tx) => {
        const asked = tx.$queryRaw`SELECT pg_sleep(0.5)::text`;
        setImmediate(() => {
          for (const socket of sockets) socket.destroy(said);
        });
        await asked;
      }),
    );
    expect(isDatabaseAway(error)).toBe(true);
    expect(isDatabaseNotReached(error)).toBe(false);
  },
);

describe("an upload", () => {
  const receivedAt = new Date("2024-11-14T20:00:00Z");
  const upload = async (course: SeededCourse) =>
    submitInput({
      userId: course.studentId,
      exerciseId: course.exerciseId,
      files: filesOf({ name: "work.zip", bytes: await zipOf({ Dockerfile: "FROM busybox\n" }) }),
      receivedAt,
    });

  test("that the database went away under is refused for that, and leaves no bytes", async () => {
    const course = await seedCourse(database.db);
    const fixture = await startSubmitFixture(database, receivedAt);
    const { ports } = fixture;
    const listArchive: typeof ports.listArchive = async (archive) => {
      await database.server.halt();
      return ports.listArchive(archive);
    };
    const error = await failure(submitWork({ ...ports, listArchive }, await upload(course)));
    await database.server.resume();
    expect(isDatabaseAway(error)).toBe(true);
    expect(await fixture.storedFiles()).toEqual([]);
    await expect.poll(() => database.db.submission.count().catch(() => null), { timeout: 10_000 }).toBe(0);
    const again = await submitWork(ports, await upload(course));
    expect(again.outcome).toBe("accepted");
    await fixture.close();
  });

  test("whose job the queue never takes is answered all the same", async () => {
    const course = await seedCourse(database.db, { courseSlug: "other" });
    const fixture = await startSubmitFixture(database, receivedAt);
    const logged: unknown[] = [];
    const silent = { add: () => new Promise<void>(() => undefined), close: async () => undefined };
    const queue = limitQueue(silent);
    const ports = fixture.portsWithQueue(
      (runId) => queue.add("grade-run", { runId }),
      (entry) => logged.push(entry),
    );
    expect((await submitWork(ports, await upload(course))).outcome).toBe("accepted");
    expect(logged).toHaveLength(1);
    await fixture.close();
  }, 20_000);
});

test("a watch whose own connection is ended or freezes alone tells nothing", async () => {
  const told: boolean[] = [];
  const watch = watchDatabase(database.url, {
    everyMs: 50,
    limitMs: 3_000,
    monotonic: systemMonotonic,
    onChange: (answers) => told.push(answers),
  });
  const pids = async () => {
    const rows = await database.db.$queryRaw<{ pid: number }[]>`
      SELECT pid FROM pg_stat_activity WHERE application_name = 'drydock-watch'`;
    return rows.map(({ pid }) => pid);
  };
  const another = async (before: number) => {
    const others = async () => (await pids()).filter((pid) => pid !== before);
    await expect.poll(others, { timeout: 10_000 }).toHaveLength(1);
    return (await others())[0] ?? 0;
  };
  const first = await another(0);
  await database.db.$queryRaw`SELECT pg_terminate_backend(${first}::int)`;
  const frozen = await another(first);
  process.kill(frozen, "SIGSTOP");
  try {
    await another(frozen);
  } finally {
    process.kill(frozen, "SIGCONT");
  }
  expect(told).toEqual([]);
  await watch.close();
});
