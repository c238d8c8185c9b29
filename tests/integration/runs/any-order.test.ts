import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FleetBench, fullResult, openFleetBench } from "./fleet-bench.ts";

let bench: FleetBench;
beforeAll(async () => {
  bench = await openFleetBench({ fleetMax: 1 });
});
afterAll(() => bench.close());

/** What the test itself knows: who was started, and what each machine holds. Nothing of the rules under test. */
interface Model {
  runIds: string[];
  machines: { clusterId: string; token: string; session: string | null; attempt: number; runId: string }[];
  lastAttempt: Map<string, number>;
  finals: Map<string, string>;
}
type Real = { submissionId: string };
type Step = fc.AsyncCommand<Model, Real>;

/** A refusal is an answer; anything else is a failure of the code under test. */
async function refusable<Result>(work: Promise<Result>): Promise<Result | null> {
  return work.catch((error: Error) => {
    if (error.name === "AgentRefusal") return null;
    throw error;
  });
}

function step(name: string, run: (model: Model, real: Real) => Promise<unknown>): Step {
  return {
    check: () => true,
    run: async (model, real) => {
      await run(model, real);
      await expectRules(model, real);
    },
    toString: () => name,
  };
}

const newestRun = (model: Model) => model.runIds.at(-1) ?? "";
const pick = (model: Model, index: number) => model.machines.at(-1 - (index % (model.machines.length || 1)));

const start = fc.constant(
  step("start", async (model) => {
    const runId = newestRun(model);
    const outcome = await bench.starter.start(runId);
    if (outcome.outcome !== "started") return;
    const machine = bench.provider.machines.get(outcome.clusterId);
    const cluster = await bench.db.cluster.findUniqueOrThrow({ where: { id: outcome.clusterId } });
    model.machines.push({
      clusterId: outcome.clusterId,
      token: machine?.spec.userData.token ?? "",
      session: null,
      attempt: cluster.runAttempt ?? 0,
      runId,
    });
  }),
);
const onMachine = (
  name: string,
  act: (machine: Model["machines"][number], model: Model) => Promise<unknown>,
) =>
  fc.nat({ max: 2 }).map((index) =>
    step(`${name}(${index})`, async (model) => {
      const machine = pick(model, index);
      if (machine) await act(machine, model);
    }),
  );
const session = onMachine("session", async (machine) => {
  const grant = await refusable(bench.service.openSession(machine.token));
  if (grant) machine.session = grant.session;
});
const order = onMachine("order", (machine) => refusable(bench.service.nextRun(machine.session ?? "none")));
const result = onMachine("result", (machine) =>
  refusable(bench.service.reportResult(machine.session ?? "none", fullResult(bench, machine))),
);
const fault = onMachine("fault", (machine) =>
  refusable(
    bench.service.reportResult(machine.session ?? "none", {
      ...fullResult(bench, machine),
      outcome: "platform_fault",
      reason: "It broke.",
      checks: [],
    }),
  ),
);
const end = onMachine("end", (machine) =>
  bench.store.endCluster({
    clusterId: machine.clusterId,
    how: "lost",
    reason: "The machine was interrupted.",
  }),
);
const close = onMachine("close", async (machine) => {
  await bench.provider.terminate(`m-${machine.clusterId}`);
  await bench.store.closeCluster(machine.clusterId);
});
const score = fc.constant(step("score", (model) => bench.store.finishScoring(newestRun(model))));
const cancel = fc.constant(
  step("cancel", (model) =>
    bench.acts.cancel({ runId: newestRun(model), userId: bench.course.taId, reason: "Test." }, bench.now()),
  ),
);
const rerun = fc.constant(
  step("rerun", async (model) => {
    const act = { runId: newestRun(model), userId: bench.course.taId, reason: "Test." };
    const outcome = await bench.acts.rerun(act, bench.now());
    if (outcome.outcome === "queued") model.runIds.push(outcome.runId);
  }),
);

/** What must hold after every step, read from the tables alone. */
async function expectRules(model: Model, real: Real): Promise<void> {
  const runs = await bench.db.run.findMany({
    where: { submissionId: real.submissionId },
    include: { checks: true, claims: true, clusters: true },
  });
  expect(runs.filter((run) => run.counts)).toHaveLength(1);
  for (const run of runs) {
    expect(run.attempt).toBeGreaterThanOrEqual(model.lastAttempt.get(run.id) ?? 1);
    model.lastAttempt.set(run.id, run.attempt);
    const frozen = model.finals.get(run.id);
    const now = JSON.stringify([run.state, run.attempt, run.score, run.reason, run.finishedAt]);
    if (frozen !== undefined) expect(now).toBe(frozen);
    if (run.finishedAt !== null) model.finals.set(run.id, now);
    expect(run.platformFaults).toBeLessThanOrEqual(3);
    expect(run.claims.filter((claim) => claim.closedAt === null).length).toBeLessThanOrEqual(1);
    expect(new Set(run.checks.map((check) => check.attempt)).size).toBeLessThanOrEqual(1);
    expect([0, 2]).toContain(run.checks.length);
    if (run.state === "graded")
      expect(run.checks.map((check) => check.attempt)).toEqual([run.attempt, run.attempt]);
    const working = run.clusters.filter((cluster) => /requested|booting|ready|assigned/.test(cluster.state));
    // Only the current attempt of an unfinished run has a machine at work.
    for (const cluster of working) expect([cluster.runAttempt, run.finishedAt]).toEqual([run.attempt, null]);
    expect(working.length).toBeLessThanOrEqual(1);
    for (const cluster of run.clusters) expect(cluster.costUsd !== null).toBe(cluster.state === "terminated");
  }
}

test("in whatever order machines, workers and staff act, one result counts and nothing final changes", async () => {
  const commands = fc.commands(
    // The road forward is drawn more often than the rest, or few runs would get anywhere.
    [
      start,
      start,
      session,
      session,
      order,
      order,
      result,
      result,
      score,
      score,
      fault,
      end,
      close,
      close,
      cancel,
      rerun,
    ],
    { maxCommands: 40, size: "+1" },
  );
  await fc.assert(
    fc.asyncProperty(commands, async (steps) => {
      const { runId, submissionId } = await bench.submit();
      await fc.asyncModelRun(
        () => ({
          model: { runIds: [runId], machines: [], lastAttempt: new Map(), finals: new Map() },
          real: { submissionId },
        }),
        steps,
      );
      await putAway(submissionId);
    }),
    { numRuns: 60, endOnFailure: false },
  );
});

/** Leaves the fleet empty for the next sequence. */
async function putAway(submissionId: string): Promise<void> {
  const runs = await bench.db.run.findMany({ where: { submissionId }, include: { clusters: true } });
  for (const run of runs) {
    await bench.store.finishScoring(run.id);
    await bench.acts.cancel({ runId: run.id, userId: bench.course.taId, reason: "Test." }, bench.now());
    for (const cluster of run.clusters) await bench.store.closeCluster(cluster.id);
  }
  expect(await bench.db.cluster.count({ where: { state: { not: "terminated" } } })).toBe(0);
}
