import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FleetBench, fullResult, openFleetBench, outcome } from "./fleet-bench.ts";

let bench: FleetBench;
beforeAll(async () => {
  bench = await openFleetBench({ fleetMax: 1 });
});
afterAll(() => bench.close());

interface Machine {
  machineId: string;
  token: string;
  session: string | null;
  attempt: number;
  runId: string;
}

/** What the test itself knows: who was started, and what each machine holds. Nothing of the rules under test. */
interface Model {
  runIds: string[];
  machines: Machine[];
  lastAttempt: Map<string, number>;
  finals: Map<string, string>;
  /** The run that counted after the step before. */
  counted: { id: string; state: string } | null;
  /** Whether staff have just said which run counts. */
  staffChose: boolean;
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
      model.staffChose = false;
      await run(model, real);
      await expectRules(model, real);
    },
    toString: () => name,
  };
}

const newestRun = (model: Model) => model.runIds.at(-1) ?? "";
const pick = (model: Model, index: number) => model.machines.at(-1 - (index % (model.machines.length || 1)));

async function startRun(model: Model): Promise<void> {
  const runId = newestRun(model);
  const outcome = await bench.starter.start(runId);
  if (outcome.outcome !== "started") return;
  const launched = bench.provider.machines.get(outcome.machineId);
  const machine = await bench.db.machine.findUniqueOrThrow({ where: { id: outcome.machineId } });
  model.machines.push({
    machineId: outcome.machineId,
    token: launched?.spec.userData.token ?? "",
    session: null,
    attempt: machine.runAttempt ?? 0,
    runId,
  });
}
async function openSession(machine: Machine): Promise<void> {
  const grant = await refusable(bench.service.openSession(machine.token));
  if (grant) machine.session = grant.session;
}
const askOrder = (machine: Machine) => refusable(bench.service.nextRun(machine.session ?? "none"));
const postResult = (machine: Machine) =>
  refusable(bench.service.reportResult(machine.session ?? "none", fullResult(bench, machine)));
const postFault = (machine: Machine) =>
  refusable(
    bench.service.reportResult(machine.session ?? "none", {
      ...fullResult(bench, machine),
      outcome: "platform_fault",
      fault: { code: "engine", check: null, triedAgain: false, detail: "It broke." },
      checks: [],
    }),
  );
const postUngraded = (machine: Machine) =>
  refusable(
    bench.service.reportResult(machine.session ?? "none", {
      ...fullResult(bench, machine),
      checks: bench.course.spec.checks.map((check) =>
        outcome(check, { verdict: "not_graded", fault: "exercise", points: 0 }),
      ),
    }),
  );
async function closeMachine(machine: Machine): Promise<void> {
  await bench.provider.terminate(`m-${machine.machineId}`);
  await bench.store.closeMachine(machine.machineId);
}

async function rerunAs(model: Model, as: "student" | "staff", index: number): Promise<void> {
  const userId = as === "student" ? bench.course.studentId : bench.course.taId;
  const runId = model.runIds[index % model.runIds.length] ?? "";
  const made = await bench.acts.rerun({ runId, userId, as, reason: "Test." }, bench.now());
  if (made.outcome === "queued") model.runIds.push(made.runId);
}
async function choose(model: Model, index: number): Promise<void> {
  const runId = model.runIds[index % model.runIds.length] ?? "";
  const act = { runId, userId: bench.course.taId, as: "staff", reason: "Test." };
  model.staffChose = (await bench.acts.makeCount(act, bench.now())).outcome === "counts";
}

const start = fc.constant(step("start", startRun));
/** The first steps of the road in one: single steps alone would seldom get far. */
const roadOf = (length: number) =>
  step(`road(${length})`, async (model) => {
    await startRun(model);
    const machine = model.machines.at(-1);
    if (!machine) return;
    const rest = [
      openSession,
      askOrder,
      postResult,
      () => bench.store.finishScoring(machine.runId),
      closeMachine,
    ];
    for (const act of rest.slice(0, length - 1)) await act(machine);
  });
const road = fc.integer({ min: 2, max: 6 }).map(roadOf);
const onMachine = (name: string, act: (machine: Machine) => Promise<unknown>) =>
  fc.nat({ max: 2 }).map((index) =>
    step(`${name}(${index})`, async (model) => {
      const machine = pick(model, index);
      if (machine) await act(machine);
    }),
  );
const session = onMachine("session", openSession);
const order = onMachine("order", askOrder);
const result = onMachine("result", postResult);
const fault = onMachine("fault", postFault);
/** As many attempts in a row whose machine fails. */
const faultsOf = (attempts: number) =>
  step(`faults(${attempts})`, async (model) => {
    for (let done = 0; done < attempts; done++) {
      await startRun(model);
      const machine = model.machines.at(-1);
      if (!machine) return;
      for (const act of [openSession, askOrder, postFault, closeMachine]) await act(machine);
    }
  });
const faults = fc.integer({ min: 1, max: 3 }).map(faultsOf);
/** The road to a result that the exercise itself could not give. */
const ungraded = fc.constant(
  step("ungraded", async (model) => {
    await startRun(model);
    const machine = model.machines.at(-1);
    if (!machine) return;
    for (const act of [openSession, askOrder, postUngraded]) await act(machine);
    await bench.store.finishScoring(machine.runId);
    await closeMachine(machine);
  }),
);
/** Two results, and staff choose between them. */
const chosenOf = (index: number) =>
  step(`chosen(${index})`, async (model) => {
    for (const again of [false, true]) {
      if (again) await rerunAs(model, "staff", 0);
      await startRun(model);
      const machine = model.machines.at(-1);
      if (!machine) return;
      for (const act of [openSession, askOrder, postResult]) await act(machine);
      await bench.store.finishScoring(machine.runId);
      await closeMachine(machine);
    }
    await choose(model, index);
  });
const chosen = fc.nat(1).map(chosenOf);
const end = onMachine("end", (machine) =>
  bench.store.endMachine({
    machineId: machine.machineId,
    how: "lost",
    reason: "The machine was interrupted.",
  }),
);
const close = onMachine("close", closeMachine);
const score = fc.constant(step("score", (model) => bench.store.finishScoring(newestRun(model))));
const cancelNewest = step("cancel", (model) =>
  bench.acts.cancel(
    { runId: newestRun(model), userId: bench.course.taId, as: "staff", reason: "Test." },
    bench.now(),
  ),
);
const cancel = fc.constant(cancelNewest);
/** Of any run of the submission, by its student or by staff. */
const rerunOf = (as: "student" | "staff", index: number) =>
  step(`rerun(${as}, ${index})`, (model) => rerunAs(model, as, index));
const rerun = fc
  .record({ as: fc.constantFrom("student" as const, "staff" as const), index: fc.nat(9) })
  .map(({ as, index }) => rerunOf(as, index));
/** Sequences that reach what the rules are about; chance alone may leave one out. */
const certain = [
  [faultsOf(3), rerunOf("student", 0), roadOf(6)],
  [chosenOf(0), chosenOf(1)],
  [roadOf(2), cancelNewest],
];
const makeCount = fc.nat(9).map((index) => step(`make-count(${index})`, (model) => choose(model, index)));

/** What must hold after every step, read from the tables alone. */
async function expectRules(model: Model, real: Real): Promise<void> {
  const runs = await bench.db.run.findMany({
    where: { submissionId: real.submissionId },
    include: { checks: true, claims: true, machines: true },
  });
  const [counted, ...more] = runs.filter((run) => run.counts);
  if (!counted || more.length > 0) throw new Error("Not exactly one run of the submission counts.");
  const before = model.counted;
  if (before?.state === "graded") {
    // A result is never lost: it gives way to another result alone, and then to a new one or because staff said so.
    expect(counted.state).toBe("graded");
    if (counted.id !== before.id && !model.staffChose) expect(model.finals.has(counted.id)).toBe(false);
  }
  if (runs.some((run) => run.state === "graded")) expect(counted.state).toBe("graded");
  model.counted = { id: counted.id, state: counted.state };
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
    const working = run.machines.filter((machine) => /requested|booting|ready|assigned/.test(machine.state));
    // Only the current attempt of an unfinished run has a machine at work.
    for (const machine of working) expect([machine.runAttempt, run.finishedAt]).toEqual([run.attempt, null]);
    expect(working.length).toBeLessThanOrEqual(1);
    for (const machine of run.machines) expect(machine.costUsd !== null).toBe(machine.state === "terminated");
  }
}

test("in whatever order machines, workers and staff act, one result counts, none is lost and nothing final changes", async () => {
  const often = [
    road,
    road,
    road,
    faults,
    faults,
    session,
    order,
    result,
    fault,
    end,
    close,
    rerun,
    makeCount,
  ];
  const commands = fc.commands([...often, start, score, cancel, ungraded, rerun, chosen], {
    maxCommands: 25,
    size: "max",
  });
  const act = async (steps: Parameters<typeof fc.asyncModelRun<Model, Real, false, Model>>[1]) => {
    const { runId, submissionId } = await bench.submit();
    await fc.asyncModelRun(
      () => ({
        model: {
          ...{ runIds: [runId], machines: [], lastAttempt: new Map(), finals: new Map() },
          ...{ counted: null, staffChose: false },
        },
        real: { submissionId },
      }),
      steps,
    );
    await putAway(submissionId);
  };
  for (const steps of certain) await act(steps);
  for (const state of ["graded", "not_gradable", "cancelled"] as const) {
    expect(await bench.db.run.count({ where: { state } })).toBeGreaterThan(0);
  }
  const acts = await bench.db.auditEntry.groupBy({ by: ["action", "userId"], _count: true });
  const done = acts.map(({ action, userId }) => `${action} by ${userId}`);
  expect(done).toContain(`run.rerun by ${bench.course.studentId}`);
  expect(done).toContain(`run.make-count by ${bench.course.taId}`);

  await fc.assert(fc.asyncProperty(commands, act), { numRuns: 25 });
});

/** Leaves the fleet empty for the next sequence. */
async function putAway(submissionId: string): Promise<void> {
  const runs = await bench.db.run.findMany({ where: { submissionId }, include: { machines: true } });
  for (const run of runs) {
    await bench.store.finishScoring(run.id);
    await bench.acts.cancel(
      { runId: run.id, userId: bench.course.taId, as: "staff", reason: "Test." },
      bench.now(),
    );
    for (const machine of run.machines) await bench.store.closeMachine(machine.id);
  }
  expect(await bench.db.machine.count({ where: { state: { not: "terminated" } } })).toBe(0);
}
