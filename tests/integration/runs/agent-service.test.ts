import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Attempt } from "#grading/protocol/attempt.ts";
import { type DrillTimeline, drillTimeline, type RunResult } from "#grading/protocol/messages.ts";
import { maxEventsPerAttempt } from "#grading/runs/results/append-events.ts";
import { serveAgentGateway } from "#infra/agent-gateway/serve.ts";
import { drillExample } from "#tests/support/drill-timeline.ts";
import { type FleetBench, fullResult, launchFor, openFleetBench, outcome, takeOrder } from "./fleet-bench.ts";

let bench: FleetBench;
beforeEach(async () => {
  bench = await openFleetBench();
});
afterEach(() => bench.close());

const refusal = (status: number) => expect.objectContaining({ name: "AgentRefusal", status });
const line = (seq: number, text = `line ${seq}`) => ({
  seq,
  at: "2024-11-12T18:00:03.000Z",
  event: { type: "log" as const, check: null, line: text },
});
const logLines = async (runId: string) => {
  const rows = await bench.db.runEvent.findMany({ where: { runId, type: "log" }, orderBy: { id: "asc" } });
  return rows.map((row) => [row.seq, (row.payload as { line: string }).line]);
};

describe("a session", () => {
  test("is opened by the one-time token once, and never again", async () => {
    const { runId } = await bench.submit();
    const { token, machineId } = await launchFor(bench, runId);
    expect((await bench.service.openSession(token)).machineId).toBe(machineId);
    await expect(bench.service.openSession(token)).rejects.toEqual(refusal(401));
    await expect(bench.service.openSession("x".repeat(43))).rejects.toEqual(refusal(401));
  });

  test("neither token nor session is stored in the clear", async () => {
    const { runId } = await bench.submit();
    const { token } = await launchFor(bench, runId);
    const before = JSON.stringify(await bench.db.machine.findMany(), (_, v) =>
      typeof v === "bigint" ? `${v}` : v,
    );
    const { session } = await bench.service.openSession(token);
    const after = JSON.stringify(await bench.db.machine.findMany());
    for (const text of [before, after]) expect(text).not.toContain(token);
    expect(after).not.toContain(session);
  });

  test("is refused once the machine is being ended", async () => {
    const { runId } = await bench.submit();
    const { token, machineId } = await launchFor(bench, runId);
    await bench.store.endMachine({ machineId, how: "drain", reason: "Test." });
    await expect(bench.service.openSession(token)).rejects.toEqual(refusal(401));
  });

  test("may be opened before the launch is recorded: the machine can be faster than its reply", async () => {
    const { runId } = await bench.submit();
    bench.provider.failures.push(new Error("reply lost"), new Error("reply lost again"));
    const started = await bench.starter.start(runId);
    expect(started.outcome).toBe("unclear");
    const [machine] = [...bench.provider.machines.values()];
    const { session } = await bench.service.openSession(machine?.spec.userData.token ?? "");
    expect((await bench.service.nextRun(session))?.runId).toBe(runId);
  });
});

describe("an order", () => {
  test("moves the run to running, and asking again returns the same", async () => {
    const { runId } = await bench.submit();
    const { session, order } = await takeOrder(bench, runId);
    expect(order).toMatchObject({ runId, attempt: 1, submission: { bytes: 1234, fileName: "work.zip" } });
    expect(await bench.service.nextRun(session)).toEqual(order);
    expect((await bench.run(runId)).state).toBe("running");
  });

  test("is refused for a cancelled run, whose machine then ends", async () => {
    const { runId } = await bench.submit();
    const { token, machineId } = await launchFor(bench, runId);
    const { session } = await bench.service.openSession(token);
    await bench.acts.cancel({ runId, userId: bench.course.taId, as: "staff", reason: "Test." }, bench.now());
    await expect(bench.service.nextRun(session)).rejects.toEqual(refusal(409));
    expect((await bench.db.machine.findUniqueOrThrow({ where: { id: machineId } })).state).toBe("draining");
  });

  test("comes with the files, which only the machine of the run under way may read", async () => {
    const { runId, submissionId } = await bench.submit();
    const { session, order } = await takeOrder(bench, runId);
    const { stream } = await bench.service.submissionBytes(session);
    expect(Buffer.concat(await stream.toArray()).toString()).toBe(`submissions/${submissionId}`);
    expect((await bench.service.hiddenBytes(session)).bytes).toBe(order.hidden.bytes);
    await bench.service.reportResult(session, fullResult(bench, order));
    await expect(bench.service.submissionBytes(session)).rejects.toEqual(refusal(409));
    await expect(bench.service.hiddenBytes("no such session")).rejects.toEqual(refusal(401));
  });
});

describe("events", () => {
  test("are stored once however often they are sent, and a gap asks for the missing ones", async () => {
    const { runId } = await bench.submit();
    const { session } = await takeOrder(bench, runId);
    const send = (...seqs: number[]) =>
      bench.service.appendEvents(session, { events: seqs.map((seq) => line(seq)) });
    expect(await send(1, 2)).toEqual({ nextSeq: 3 });
    expect(await send(1, 2, 3)).toEqual({ nextSeq: 4 });
    expect(await send(6, 7)).toEqual({ nextSeq: 4 });
    expect(await send(4, 6)).toEqual({ nextSeq: 5 });
    expect((await logLines(runId)).map(([seq]) => seq)).toEqual([1, 2, 3, 4]);
  });

  test("sent twice at once are stored once", async () => {
    const { runId } = await bench.submit();
    const { session } = await takeOrder(bench, runId);
    const batch = { events: [line(1), line(2), line(3)] };
    await bench.warm();
    const acks = await Promise.all(
      Array.from({ length: 6 }, () => bench.service.appendEvents(session, batch)),
    );
    expect(acks).toEqual(Array(6).fill({ nextSeq: 4 }));
    expect(await logLines(runId)).toHaveLength(3);
  });

  test("wait for whoever else writes to the run, so that ids become visible in order", async () => {
    const { runId } = await bench.submit();
    const { session } = await takeOrder(bench, runId);
    const lock = await bench.takeLock(`run:${runId}`);
    const append = bench.service.appendEvents(session, { events: [line(1)] });
    await lock.untilWanted();
    expect(await logLines(runId)).toEqual([]);
    await lock.release();
    expect(await append).toEqual({ nextSeq: 2 });
  });

  test("may hold any bytes a program prints", async () => {
    const { runId } = await bench.submit();
    const { session } = await takeOrder(bench, runId);
    await bench.service.appendEvents(session, { events: [line(1, "a\0b\ud800c")] });
    expect(await logLines(runId)).toEqual([[1, "a\ufffdb\ufffdc"]]);
  });

  test("cannot claim a change of the run's state", async () => {
    const { runId } = await bench.submit();
    const { session } = await takeOrder(bench, runId);
    const forged = { ...line(1), event: { type: "state" as const, state: "graded", detail: "100 points" } };
    await expect(bench.service.appendEvents(session, { events: [forged] })).rejects.toEqual(refusal(409));
  });

  test("of an attempt that is over are refused", async () => {
    const { runId } = await bench.submit();
    const { session, machineId } = await takeOrder(bench, runId);
    await bench.store.endMachine({ machineId, how: "lost", reason: "The machine was interrupted." });
    await expect(bench.service.appendEvents(session, { events: [line(1)] })).rejects.toEqual(refusal(409));
  });

  test("a log that is full says so once, also when a batch ends exactly at its last line", async () => {
    const { runId } = await bench.submit();
    const { session } = await takeOrder(bench, runId);
    const event = { type: "log", check: null, line: "long before" };
    const at = new Date("2024-11-12T18:00:03.000Z");
    await bench.db.runEvent.create({
      data: { runId, attempt: 1, seq: maxEventsPerAttempt - 2, type: "log", payload: event, at },
    });
    const append = (...seqs: number[]) =>
      bench.service.appendEvents(session, { events: seqs.map((seq) => line(seq)) });
    await append(maxEventsPerAttempt - 1, maxEventsPerAttempt);
    const over = await append(maxEventsPerAttempt + 1, maxEventsPerAttempt + 2);
    expect(over).toEqual({ nextSeq: maxEventsPerAttempt + 3 });
    const rows = await bench.db.runEvent.findMany({ where: { runId }, orderBy: { id: "asc" } });
    const notices = rows.filter((row) => JSON.stringify(row.payload).includes("what follows is left out"));
    expect(notices).toHaveLength(1);
    expect(await logLines(runId)).toHaveLength(3);
  });
});

describe("a heartbeat", () => {
  test("is recorded and answers with a lease that never moves", async () => {
    const { runId } = await bench.submit();
    const { session, machineId, order } = await takeOrder(bench, runId);
    for (let beat = 0; beat < 3; beat++) {
      bench.pass(1000);
      const reply = await bench.service.heartbeat(session, { phase: "grading" });
      expect(reply).toEqual({ leaseUntil: order.leaseUntil, cancel: false });
    }
    const machine = await bench.db.machine.findUniqueOrThrow({ where: { id: machineId } });
    expect(machine.heartbeatAt).toEqual(bench.now());
  });

  test("tells the machine of a cancelled run to stop", async () => {
    const { runId } = await bench.submit();
    const { session } = await takeOrder(bench, runId);
    await bench.acts.cancel({ runId, userId: bench.course.taId, as: "staff", reason: "Test." }, bench.now());
    expect((await bench.service.heartbeat(session, { phase: "grading" })).cancel).toBe(true);
  });
});

describe("a result", () => {
  test("is stored, scored and counted once however often it is sent", async () => {
    const { runId } = await bench.submit();
    const { session, order, machineId } = await takeOrder(bench, runId);
    const result = fullResult(bench, order);
    await Promise.all([1, 2, 3].map(() => bench.service.reportResult(session, result)));
    expect((await bench.run(runId)).state).toBe("scoring");
    await Promise.all([1, 2, 3].map(() => bench.store.finishScoring(runId)));
    expect(await bench.service.reportResult(session, result)).toEqual({ accepted: true });
    expect(await bench.run(runId)).toMatchObject({ state: "graded", attempt: 1, platformFaults: 0 });
    expect(Number((await bench.run(runId)).score)).toBe(20);
    expect(await bench.db.checkResult.count({ where: { runId } })).toBe(2);
    const machine = await bench.db.machine.findUniqueOrThrow({ where: { id: machineId } });
    expect(machine.state).toBe("draining");
    expect(bench.woken).toContain("draining");
  });

  test("of an older attempt is refused, and the newer attempt's counts", async () => {
    const { runId } = await bench.submit();
    const old = await takeOrder(bench, runId);
    await bench.store.endMachine({ machineId: old.machineId, how: "drain", reason: "Silent." });
    await bench.store.closeMachine(old.machineId);
    const current = await takeOrder(bench, runId);
    expect(current.order.attempt).toBe(2);
    const late = fullResult(bench, old.order);
    await expect(bench.service.reportResult(old.session, late)).rejects.toEqual(refusal(409));
    // Nor may the old machine pretend to be at the newer attempt.
    await expect(bench.service.reportResult(old.session, { ...late, attempt: 2 })).rejects.toEqual(
      refusal(409),
    );
    await bench.service.reportResult(current.session, fullResult(bench, current.order));
    await bench.store.finishScoring(runId);
    const attempts = await bench.db.checkResult.findMany({ where: { runId }, select: { attempt: true } });
    expect(attempts.map((row) => row.attempt)).toEqual([2, 2]);
  });

  test("of another run is refused", async () => {
    const [first, second] = [await bench.submit(), await bench.submit()];
    const mine = await takeOrder(bench, first.runId);
    const other = await takeOrder(bench, second.runId);
    const forged = fullResult(bench, other.order);
    await expect(bench.service.reportResult(mine.session, forged)).rejects.toEqual(refusal(409));
    expect((await bench.run(second.runId)).state).toBe("running");
  });

  test("that does not fit the exercise is refused, and the run is tried again", async () => {
    const { runId } = await bench.submit();
    const { session, order, machineId } = await takeOrder(bench, runId);
    const checks = bench.course.spec.checks.map((check) => outcome(check, { points: check.points + 80 }));
    const forged = { ...fullResult(bench, order), checks };
    await expect(bench.service.reportResult(session, forged)).rejects.toEqual(refusal(409));
    expect(bench.mismatches).toEqual(["The check files reports 85 points of 5."]);
    expect(await bench.run(runId)).toMatchObject({ state: "queued", attempt: 2, platformFaults: 1 });
    expect(await bench.db.checkResult.count()).toBe(0);
    expect((await bench.db.machine.findUniqueOrThrow({ where: { id: machineId } })).state).toBe("draining");
  });

  test("that blames the platform puts the run back, and after three of them staff are told", async () => {
    const { runId } = await bench.submit();
    for (let attempt = 1; attempt <= 3; attempt++) {
      const { session, order, machineId } = await takeOrder(bench, runId);
      expect(order.attempt).toBe(attempt);
      const result = { ...fullResult(bench, order), outcome: "platform_fault" as const, checks: [] };
      const fault = { code: "engine", check: null, triedAgain: false, detail: "connect ENOENT" } as const;
      await bench.service.reportResult(session, { ...result, fault });
      await bench.store.closeMachine(machineId);
    }
    expect(await bench.run(runId)).toMatchObject({
      state: "not_gradable",
      score: null,
      platformFaults: 3,
      reason: "The machine's Docker engine did not start.",
    });
    expect(await bench.db.notice.findMany()).toMatchObject([
      { code: "run.not_gradable", courseId: bench.course.courseId, closedAt: null },
    ]);
    expect(bench.errors).toMatchObject([{ code: "run.not_gradable", about: `run:${runId}` }]);
    expect(await bench.db.runClaim.count({ where: { runId, closedAt: null } })).toBe(0);
  });

  test("with a check that the exercise could not grade ends not gradable, not in a lower score", async () => {
    const { runId } = await bench.submit();
    const { session, order } = await takeOrder(bench, runId);
    const [first, second] = bench.course.spec.checks;
    if (!first || !second) throw new Error("The seeded exercise has two checks.");
    const broken = outcome(second, { verdict: "not_graded", fault: "exercise", points: 0 });
    await bench.service.reportResult(session, {
      ...fullResult(bench, order),
      checks: [outcome(first), broken],
    });
    await bench.store.finishScoring(runId);
    const run = await bench.run(runId);
    expect(run).toMatchObject({ state: "not_gradable", score: null });
    expect(run.reason).toContain(second.title);
    expect(await bench.service.reportResult(session, fullResult(bench, order))).toEqual({ accepted: true });
  });
});

describe("a drill's timeline", () => {
  const withTimeline = (run: Attempt, timeline: DrillTimeline): RunResult => ({
    ...fullResult(bench, run),
    checks: bench.course.spec.checks.map((check) => outcome(check, { timeline })),
  });
  const stored = async (runId: string) =>
    (await bench.db.checkResult.findMany({ where: { runId }, orderBy: { position: "asc" } })).map(
      (row) => row.timeline,
    );

  test("is stored with its check and reads back as it was reported; other checks have none", async () => {
    const { runId } = await bench.submit();
    const { session, order } = await takeOrder(bench, runId);
    const [first, second] = bench.course.spec.checks;
    if (!first || !second) throw new Error("The seeded exercise has two checks.");
    const checks = [outcome(first), outcome(second, { timeline: drillExample() })];
    await bench.service.reportResult(session, { ...fullResult(bench, order), checks });
    const [none, timeline] = await stored(runId);
    expect(none).toBeNull();
    expect(drillTimeline.parse(timeline)).toEqual(drillExample());
  });

  test("may quote any bytes a program prints", async () => {
    const { runId } = await bench.submit();
    const { session, order } = await takeOrder(bench, runId);
    const marks = [{ atMs: 1, kind: "event" as const, text: "a\0b\ud800c" }];
    await bench.service.reportResult(session, withTimeline(order, { ...drillExample(), marks }));
    expect(drillTimeline.parse((await stored(runId))[0]).marks).toEqual([
      { ...marks[0], text: "a\ufffdb\ufffdc" },
    ]);
  });

  test("with more samples, marks or text than the protocol knows is refused at the gate, and nothing is stored", async () => {
    const { runId } = await bench.submit();
    const { session, order } = await takeOrder(bench, runId);
    const folder = await mkdtemp(path.join(tmpdir(), "drydock-forged-"));
    const socketPath = path.join(folder, "agent.sock");
    const gateway = await serveAgentGateway(bench.service, { socketPath });
    const honest = drillExample();
    const [sample] = honest.samples;
    if (!sample) throw new Error("The example has samples.");
    const mark = { atMs: 1, kind: "event" as const, text: "x" };
    for (const forged of [
      { ...honest, samples: Array<typeof sample>(1201).fill(sample) },
      { ...honest, marks: Array<typeof mark>(401).fill(mark) },
      { ...honest, marks: [{ ...mark, text: "x".repeat(301) }] },
      { ...honest, durationMs: 3_600_001 },
    ]) {
      expect(await post(socketPath, session, withTimeline(order, forged))).toBe(400);
    }
    expect(await stored(runId)).toEqual([]);
    expect((await bench.run(runId)).state).toBe("running");
    expect(await post(socketPath, session, withTimeline(order, honest))).toBe(200);
    expect(await stored(runId)).toHaveLength(2);
    await gateway.close();
    await rm(folder, { recursive: true });
  });
});

/** Reports a result as an agent does; the answer's status. */
function post(socketPath: string, session: string, result: RunResult): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request({
      socketPath,
      method: "POST",
      path: "/agent/result",
      headers: { authorization: `Bearer ${session}` },
    });
    call.once("response", (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.once("error", reject);
    call.end(JSON.stringify(result));
  });
}

test("every change of a run's state is an event with a sentence, in order", async () => {
  const { runId } = await bench.submit();
  const { session, order } = await takeOrder(bench, runId);
  await bench.service.reportResult(session, fullResult(bench, order));
  await bench.store.finishScoring(runId);
  const events = await bench.db.runEvent.findMany({ where: { runId, seq: null }, orderBy: { id: "asc" } });
  expect(events.map((event) => event.payload)).toEqual([
    { type: "state", state: "claimed", detail: "A machine is being requested." },
    { type: "state", state: "provisioning", detail: "The machine is starting." },
    { type: "state", state: "running", detail: "The machine is grading." },
    { type: "state", state: "scoring", detail: "All checks have reported." },
    { type: "state", state: "graded", detail: "Graded: 20 of 20 points." },
  ]);
});
