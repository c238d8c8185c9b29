import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newId } from "#course/ids.ts";
import type { Estimate } from "#grading/runs/queue/estimate.ts";
import { rerunRun } from "#grading/runs/rerun-run.ts";
import type { NewSubmission } from "#grading/submissions/ports.ts";
import { createUploadsUnderWay } from "#grading/submissions/uploads-under-way.ts";
import { createQueuePlaces } from "#infra/db/runs/queue-places.ts";
import { createSubmitPorts } from "#infra/db/submissions/submission-store.ts";
import { type FleetBench, fullResult, openFleetBench, takeOrder } from "./fleet-bench.ts";

let bench: FleetBench;
beforeEach(async () => {
  bench = await openFleetBench({ fleetMax: 1 });
});
afterEach(() => bench.close());

async function grade(runId: string, seconds = 0) {
  const { session, order, machineId } = await takeOrder(bench, runId);
  bench.pass(seconds * 1000);
  await bench.service.reportResult(session, fullResult(bench, order));
  await bench.store.finishScoring(runId);
  await bench.store.closeMachine(machineId);
}

/** Offers every queued run as the jobs do, in any order, and gives the one that was started. */
async function startNext(): Promise<string> {
  const queued = await bench.db.run.findMany({ where: { state: "queued" }, orderBy: { queuedAt: "desc" } });
  for (const { id } of queued) {
    const { outcome } = await bench.starter.start(id);
    if (outcome === "started") return id;
  }
  throw new Error("Nothing was started.");
}

/** Writes submissions as an upload does, a moment after each other. */
async function record(userId: string, pauseMs = 180_000) {
  const { store } = createSubmitPorts({
    db: bench.db,
    files: bench.files,
    listArchive: () => Promise.reject(new Error("No archive is read here.")),
    uploads: createUploadsUnderWay(),
    clock: bench.now,
    receiptSigner: { sign: async () => "signed" } as never,
    queue: { add: async () => undefined },
    log: { error: () => undefined },
    config: { storage: { personBytes: 1e12, courseBytes: 1e12 } },
  });
  bench.pass(pauseMs);
  const now = bench.now();
  const submissionId = newId("sub", now);
  const submission: NewSubmission = {
    submissionId,
    run: { id: newId("run", now), exerciseVersionId: bench.course.exerciseVersionId },
    exerciseId: bench.course.exerciseId,
    userId,
    idempotencyKey: null,
    fileName: "work.zip",
    sha256: "a".repeat(64),
    bytes: 1,
    files: [],
    storageKey: `submissions/${submissionId}`,
    receivedAt: now,
    dueAt: null,
    late: false,
    receiptJws: "signed",
    queuedAt: now,
  };
  return store.record(submission);
}

describe("the queue", () => {
  test("of two hundred submissions of Alice and one of Bob: Bob's run starts next", async () => {
    const alice = await bench.addStudent("Alice Many");
    const numbers = Array.from({ length: 200 }, (_, i) => i + 1);
    await Promise.all(numbers.map((number) => bench.submit({ userId: alice, number })));
    const { runId: newest } = await bench.submit({ userId: alice, number: 201 });
    const { runId: bobs } = await bench.submit();
    expect(await startNext()).toBe(newest);
    await bench.db.machine.updateMany({ data: { state: "terminated", terminatedAt: bench.now() } });
    expect(await startNext()).toBe(bobs);
  });

  test("starts a student's newest submission first, and no second one of the exercise beside it", async () => {
    await bench.close();
    bench = await openFleetBench({ fleetMax: 2 });
    const { userId } = await bench.submit();
    const { runId: newer } = await bench.submit({ userId, number: 2 });
    expect(await startNext()).toBe(newer);
    await expect(startNext()).rejects.toThrow("Nothing was started.");
  });

  test("remembers whose turn was last, over all starts of the worker", async () => {
    const { userId: first, runId } = await bench.submit();
    await grade(runId);
    await bench.submit({ userId: first, number: 2 });
    const { runId: others } = await bench.submit();
    expect(await startNext()).toBe(others);
  });

  test("starts a superseded run when nothing else waits", async () => {
    const { userId, runId: older } = await bench.submit();
    const { runId: newer } = await bench.submit({ userId, number: 2 });
    await grade(newer);
    const { runId: others } = await bench.submit();
    await grade(others);
    expect(await startNext()).toBe(older);
  });

  test("does not put what staff ask for behind newer submissions", async () => {
    const { userId, runId: old } = await bench.submit();
    await grade(old);
    await bench.submit({ userId, number: 2 });
    bench.pass(1000);
    const again = await rerunRun(
      {
        store: bench.acts,
        enqueue: async () => undefined,
        onEnqueueFailed: () => undefined,
        clock: bench.now,
      },
      { runId: old, userId: bench.course.taId, as: "staff", reason: "The exercise was corrected." },
    );
    if (again.outcome !== "queued") throw new Error(again.message);
    expect(await startNext()).toBe(again.runId);
  });
});

describe("the bound on what waits", () => {
  const states = async () => {
    const runs = await bench.db.run.findMany({
      include: { submission: { select: { number: true, receiptJws: true } } },
      orderBy: { submission: { number: "asc" } },
    });
    return runs.map((run) => [run.submission.number, run.state, run.reasonCode]);
  };

  test("leaves the newest five in the queue; every submission is kept with its receipt", async () => {
    const alice = await bench.addStudent("Alice Many");
    for (let i = 0; i < 7; i++)
      expect(await record(alice)).toMatchObject({ outcome: "recorded", number: i + 1 });
    expect(await states()).toEqual([
      [1, "cancelled", "superseded"],
      [2, "cancelled", "superseded"],
      ...[3, 4, 5, 6, 7].map((number) => [number, "queued", null]),
    ]);
    expect(await bench.db.submission.count({ where: { receiptJws: "signed" } })).toBe(7);
    const event = await bench.db.runEvent.findFirst({ orderBy: { id: "desc" }, where: { type: "state" } });
    expect(event?.payload).toMatchObject({ state: "cancelled", detail: expect.stringMatching(/^Newer sub/) });
  });

  test("of many reruns at once only as many are queued as the bound allows", async () => {
    const userId = await bench.addStudent("Alice");
    const made = [];
    for (let number = 1; number <= 20; number++) made.push(await bench.submit({ userId, number }));
    const data = {
      state: "cancelled",
      reason: "r",
      reasonCode: "superseded",
      finishedAt: bench.now(),
    } as const;
    await bench.db.run.updateMany({ data });
    await bench.warm();
    const outcomes = await Promise.all(
      made.map(({ runId }) => bench.acts.rerun({ runId, userId, as: "student", reason: "r" }, bench.now())),
    );
    expect(await bench.db.run.count({ where: { state: "queued" } })).toBe(5);
    expect(outcomes.filter(({ outcome }) => outcome === "queued")).toHaveLength(5);
  });

  test("a rerun that newer submissions superseded is not used up: nothing was tried", async () => {
    const alice = await bench.addStudent("Alice");
    const first = await record(alice);
    if (first.outcome !== "recorded" || first.runId === null) throw new Error(first.outcome);
    for (let i = 0; i < 5; i++) await record(alice);
    for (let round = 0; round < 4; round++) {
      // There is room for it.
      const queued = { where: { state: "queued" }, orderBy: { submission: { number: "desc" } } } as const;
      await grade((await bench.db.run.findFirstOrThrow(queued)).id);
      const act = { runId: first.runId, userId: alice, as: "student", reason: "r" } as const;
      const again = await bench.acts.rerun(act, bench.now());
      if (again.outcome !== "queued") throw new Error(again.message);
      await record(alice);
      expect(await bench.run(again.runId)).toMatchObject({ state: "cancelled", reasonCode: "superseded" });
    }
  });

  test("a student has a superseded submission graded after all, but keeps to the bound", async () => {
    const alice = await bench.addStudent("Alice Many");
    for (let i = 0; i < 6; i++) await record(alice);
    const superseded = await bench.db.run.findFirstOrThrow({ where: { reasonCode: "superseded" } });
    const again = () =>
      bench.acts.rerun({ runId: superseded.id, userId: alice, as: "student", reason: "r" }, bench.now());
    expect(await again()).toMatchObject({ outcome: "refused", code: "too-many-waiting" });
    const newest = await bench.db.run.findFirstOrThrow({ orderBy: { submission: { number: "desc" } } });
    await grade(newest.id);
    expect(await again()).toMatchObject({ outcome: "queued" });
    expect(await bench.db.run.count({ where: { state: "queued" } })).toBe(5);
  });

  test("never ends a run that has begun, nor another student's", async () => {
    const alice = await bench.addStudent("Alice Many");
    await record(alice);
    const running = await startNext();
    const { runId: bobs } = await bench.submit();
    for (let i = 0; i < 7; i++) await record(alice);
    expect((await bench.run(running)).state).toBe("provisioning");
    expect((await bench.run(bobs)).state).toBe("queued");
    expect(await bench.db.run.count({ where: { state: "queued" } })).toBe(6);
  });

  test("a flood is stopped at its pace, also when all arrive at once", async () => {
    const alice = await bench.addStudent("Alice Many");
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => record(alice, 0)));
    expect(outcomes.filter(({ outcome }) => outcome === "recorded")).toHaveLength(10);
    expect(outcomes.filter(({ outcome }) => outcome === "too-fast")).toHaveLength(20);
    expect(await bench.db.submission.count()).toBe(10);
  });
});

describe("the place of a waiting run", () => {
  const placeOf = (runId: string) => createQueuePlaces(bench.db, { fleetMax: 1, clock: bench.now }).of(runId);
  const estimate = async (runId: string) => (await placeOf(runId))?.estimate as Estimate;

  test("has no estimate before any run has been graded", async () => {
    await bench.submit();
    const { runId } = await bench.submit();
    expect(await placeOf(runId)).toMatchObject({ position: 2, estimate: { outcome: "no-estimate" } });
  });

  test("rests on the time from claim to end of past runs, and counts what is ahead", async () => {
    for (const seconds of [20, 40, 60]) await grade((await bench.submit()).runId, seconds);
    const [running, next, last] = [await bench.submit(), await bench.submit(), await bench.submit()];
    await takeOrder(bench, running.runId);
    bench.pass(10_000);
    expect(await placeOf(next.runId)).toEqual({
      position: 1,
      superseded: false,
      waitsFor: null,
      estimate: {
        outcome: "estimate",
        startSeconds: 30,
        finishSeconds: 70,
        slowFinishSeconds: 110,
        basedOn: 3,
        overdue: null,
      },
    });
    expect(await placeOf(last.runId)).toMatchObject({ position: 2 });
    expect(await estimate(last.runId)).toMatchObject({ startSeconds: 70, finishSeconds: 110 });
    expect(await placeOf(running.runId)).toBeNull();
  });

  test("is the one in which runs are started", async () => {
    const { userId, runId: older } = await bench.submit();
    const { runId: newer } = await bench.submit({ userId, number: 2 });
    const { runId: others } = await bench.submit();
    const wanted = [newer, others, older];
    for (const [i, runId] of wanted.entries()) {
      expect(await placeOf(runId)).toMatchObject({ position: i + 1, superseded: runId === older });
    }
    for (const runId of wanted) {
      expect(await startNext()).toBe(runId);
      await bench.db.machine.updateMany({ data: { state: "terminated", terminatedAt: bench.now() } });
      await bench.db.run.update({ where: { id: runId }, data: { state: "scoring" } });
    }
  });

  test("does not count runs ahead whose machine is still being made, by their code and not their words", async () => {
    await grade((await bench.submit()).runId, 20);
    const [first, second, able] = [await bench.submit(), await bench.submit(), await bench.submit()];
    for (const { runId } of [first, second]) {
      await bench.store.tellWaiting({ runId, attempt: 1 }, "machine_image", "Its machine is being made.");
    }
    const said = { reason: "Its machine is being made.", reasonCode: null };
    await bench.db.run.update({ where: { id: able.runId }, data: said });
    expect(await placeOf(able.runId)).toMatchObject({ position: 1 });
    expect(await estimate(able.runId)).toMatchObject({ startSeconds: 0, finishSeconds: 20 });
    expect(await placeOf(first.runId)).toMatchObject({ position: 2 });
    expect(await placeOf(second.runId)).toMatchObject({ position: 3 });
  });

  test("counts a run ahead that goes again after its machine was lost", async () => {
    await grade((await bench.submit()).runId, 20);
    const [again, next] = [await bench.submit(), await bench.submit()];
    const { machineId } = await takeOrder(bench, again.runId);
    await bench.store.endMachine({ machineId, how: "lost", reason: "The machine is gone." });
    expect(await bench.run(again.runId)).toMatchObject({ state: "queued", reason: "The machine is gone." });
    expect(await placeOf(next.runId)).toMatchObject({ position: 2 });
  });

  test("is read once a second for all who look, and at once for a run that was queued since", async () => {
    const runs = [await bench.submit(), await bench.submit()];
    let reads = 0;
    const counted = bench.db.$extends({
      query: {
        $queryRaw: ({ args, query }) => {
          if (/open_run/.test(args.sql)) reads += 1;
          return query(args);
        },
      },
    }) as unknown as FleetBench["db"];
    const places = createQueuePlaces(counted, { fleetMax: 1, clock: bench.now });
    const look = () =>
      Promise.all(Array.from({ length: 100 }, (_, i) => places.of(runs[i % 2]?.runId ?? "")));
    await look();
    bench.pass(999);
    await look();
    expect(reads).toBe(1);
    const { runId } = await bench.submit();
    expect(await places.of(runId)).toMatchObject({ position: 3 });
    expect(reads).toBe(2);
    bench.pass(1000);
    await look();
    expect(reads).toBe(3);
    // A clock that was put back keeps no old answer.
    bench.jump(-3_600_000);
    await look();
    expect(reads).toBe(4);
  });
});
