import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { costOf, perSecond } from "#course/cost/cost-of.ts";
import { newId } from "#course/ids.ts";
import type { Db } from "#infra/db/connection/client.ts";
import type { Prisma } from "#infra/db/generated/client.ts";
import { addPerson, addStudentAndTa, call, type Person } from "#tests/e2e/support/people.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { drillExample } from "#tests/support/drill-timeline.ts";
import { type SeededCourse, seedCourse, seededAt, seedSubmission } from "#tests/support/seed.ts";

let web: TestWeb;
let db: Db;
let course: SeededCourse;
let student: Person;
let ta: Person;
let number = 0;
let runId: string;

beforeAll(async () => {
  web = await startWeb();
  db = web.database.db;
  course = await seedCourse(db, { dueAt: null });
  const names = { student: "Rhea Reader", ta: "Theo Ta" };
  ({ student, ta } = await addStudentAndTa(web, course.courseSlug, names));
});
afterAll(() => web?.stop());
beforeEach(async () => {
  number += 1;
  ({ runId } = await seedSubmission(db, course, { userId: student.userId, number }));
});

const read = async (id = runId): Promise<RunView> =>
  (await (await call(web, student, `/api/runs/${id}`)).json()) as RunView;
const after = (seconds: number) => new Date(seededAt.getTime() + seconds * 1000);
const setRun = (data: Prisma.RunUpdateInput) => db.run.update({ where: { id: runId }, data });
const addMachine = (data: Partial<Prisma.MachineUncheckedCreateInput>) =>
  db.machine.create({
    data: {
      id: newId("mch", seededAt),
      provider: "docker",
      machineKind: "engine",
      runId,
      runAttempt: 1,
      leaseUntil: after(900),
      requestedAt: after(2),
      usdPerHour: 0.036,
      ...data,
    },
  });

test("a waiting run tells its place in the queue and, without history, that nothing can be estimated", async () => {
  const { run, queue, road, machine } = await read();
  expect(run).toMatchObject({ state: "queued", final: false, score: null, maxScore: 20 });
  expect(queue).toMatchObject({ position: 1, estimateSeconds: null });
  expect(queue?.why).toMatch(/\w/);
  expect(road).toEqual({
    queuedAt: seededAt.toISOString(),
    claimedAt: null,
    bootingAt: null,
    runningAt: null,
    kubernetesReadyAt: null,
    finishedAt: null,
  });
  expect(machine).toBeNull();
});

test("a graded run tells its road, its checks, its machine's time and cost, and its receipt", async () => {
  await setRun({
    state: "graded",
    claimedAt: after(1),
    runningAt: after(5),
    finishedAt: after(65),
    score: 15,
    maxScore: 20,
  });
  await addMachine({ state: "terminated", bootingAt: after(2), terminatedAt: after(102), costUsd: 0.001 });
  await db.checkResult.create({
    data: {
      id: newId("chk", seededAt),
      runId,
      attempt: 1,
      position: 0,
      checkId: "files",
      kind: "files/required",
      title: "All files are handed in",
      verdict: "failed",
      fault: "student",
      points: 0,
      maxPoints: 5,
      message: { expected: "a Dockerfile", happened: "there is none", fix: "add one" },
      staffOutput: "only for staff",
      durationMs: 12,
    },
  });
  const view = await read();
  expect(view.run).toMatchObject({ state: "graded", final: true, score: 15, maxScore: 20, counts: true });
  expect(view.road).toMatchObject({ bootingAt: after(2).toISOString(), finishedAt: after(65).toISOString() });
  expect(view.machine).toMatchObject({
    provider: "docker",
    state: "terminated",
    seconds: 100,
    costUsd: 0.001,
  });
  expect(view.checks[0]).toMatchObject({ id: "files", verdict: "failed", message: { fix: "add one" } });
  expect(view.receipt).toMatchObject({ sha256: "a".repeat(64), bytes: 1234, late: false });
  expect(view.queue).toBeNull();
  expect(JSON.stringify(view)).not.toContain("only for staff");
});

test("a drill's timeline is served to those who may see the run, and to nobody else", async () => {
  await setRun({ state: "graded", claimedAt: after(1), finishedAt: after(65), score: 20, maxScore: 20 });
  await db.checkResult.create({
    data: {
      id: newId("chk", seededAt),
      runId,
      attempt: 1,
      position: 0,
      checkId: "files",
      kind: "kubernetes/self-heal",
      title: "A killed pod is replaced",
      verdict: "passed",
      points: 5,
      maxPoints: 5,
      message: { expected: "e", happened: "h", fix: "f" },
      timeline: drillExample(),
    },
  });
  const other = await addPerson(web, "Nora Nobody", [
    { course: course.courseSlug, role: "student", section: "TCSS 562" },
  ]);
  const { checks } = await read();
  expect(checks.map((check) => check.timeline)).toEqual([drillExample(), null]);
  const seenByStaff = (await (await call(web, ta, `/api/runs/${runId}`)).json()) as RunView;
  expect(seenByStaff.checks[0]?.timeline).toEqual(drillExample());
  expect((await call(web, other, `/api/runs/${runId}`)).status).toBe(404);
});

test("a machine that lives has a cost so far", async () => {
  await setRun({ state: "running", claimedAt: after(1), runningAt: after(5) });
  const hourAgo = new Date(Date.now() - 3_600_000);
  await addMachine({ state: "assigned", requestedAt: hourAgo, bootingAt: hourAgo, leaseUntil: new Date() });
  const { machine } = await read();
  const seconds = machine?.seconds ?? 0;
  expect(seconds).toBeGreaterThanOrEqual(3600);
  expect(machine?.costUsd).toBe(costOf(0.036, seconds, perSecond));
});

test("a run on its second attempt shows that attempt's machine, checks and what became of the first", async () => {
  await setRun({
    state: "running",
    attempt: 2,
    platformFaults: 1,
    claimedAt: after(61),
    runningAt: after(65),
    reason: "The machine went silent.",
  });
  await addMachine({ state: "terminated", bootingAt: after(2), terminatedAt: after(60), costUsd: 0.0006 });
  await db.machine.updateMany({ where: { runId }, data: { provider: "first" } });
  await addMachine({ runAttempt: 2, state: "assigned", requestedAt: after(62), bootingAt: after(62) });
  await db.runClaim.createMany({
    data: [
      {
        id: newId("clm", seededAt),
        runId,
        attempt: 1,
        worker: "w",
        openedAt: after(1),
        closedAt: after(60),
        outcome: "platform-fault",
      },
      { id: newId("clm", seededAt), runId, attempt: 2, worker: "w", openedAt: after(61) },
    ],
  });
  const event = {
    type: "check-finished",
    check: "files",
    title: "t",
    verdict: "passed",
    points: 5,
    maxPoints: 5,
  };
  await db.runEvent.createMany({
    data: [1, 2].map((attempt) => ({
      runId,
      attempt,
      seq: 1,
      type: attempt === 1 ? "check-finished" : "check-started",
      payload: { ...event, durationMs: 1, type: attempt === 1 ? "check-finished" : "check-started" },
      at: seededAt,
    })),
  });
  const view = await read();
  expect(view.machine?.provider).toBe("docker");
  expect(view.road.bootingAt).toBe(after(62).toISOString());
  expect(view.checks.map((check) => check.progress)).toEqual(["running", "waiting"]);
  expect(view.attempts).toMatchObject([
    { attempt: 1, outcome: "platform-fault", hadMachine: true },
    { attempt: 2, outcome: null, closedAt: null, hadMachine: true },
  ]);
  // None was to be had.
  const unlaunched = { endCode: "not_launched", endReason: "None." } as const;
  await db.machine.updateMany({ where: { runId, runAttempt: 1 }, data: unlaunched });
  expect((await read()).attempts).toMatchObject([{ hadMachine: false }, { hadMachine: true }]);
});

test("a queued run says what it waits for, and claims no estimate while that lasts", async () => {
  const past = await seedSubmission(db, course, { userId: student.userId, number: 1000 });
  await db.run.update({
    where: { id: past.runId },
    data: { state: "graded", claimedAt: after(1), finishedAt: after(11), score: 20, maxScore: 20 },
  });
  // Places are read once a second for all.
  const readLater = () => pause(1_100).then(() => read());
  expect((await read()).queue).toMatchObject({ estimateSeconds: expect.any(Number), waitsFor: null });
  const reason = "The machine for Kubernetes exercises is being made (40 %).";
  await setRun({ reason, reasonCode: "machine_image" });
  expect((await readLater()).queue).toMatchObject({
    waitsFor: reason,
    estimateSeconds: null,
    finishSeconds: null,
  });
  // How an attempt ended is nothing to wait for.
  await setRun({ attempt: 2, reason: "The machine went silent.", reasonCode: null });
  await db.runClaim.create({
    data: {
      id: newId("clm", seededAt),
      runId,
      attempt: 1,
      worker: "w",
      openedAt: after(1),
      closedAt: after(60),
      outcome: "The machine went silent.",
    },
  });
  expect((await readLater()).queue).toMatchObject({ waitsFor: null, estimateSeconds: expect.any(Number) });
  await db.$transaction([
    db.run.delete({ where: { id: past.runId } }),
    db.submission.delete({ where: { id: past.submissionId } }),
  ]);
});

test("a run with a Kubernetes says of which kind, and that it was ready when the first check began", async () => {
  const kubernetes = { nodes: 2, namespaces: ["shop", "tools"], podSecurity: "restricted" as const };
  const other = await seedCourse(db, {
    courseSlug: "kubernetes-course",
    spec: { facilities: { kubernetes } },
  });
  const reader = await addPerson(web, "Kim Kube", [
    { course: other.courseSlug, role: "student", section: "TCSS 562" },
  ]);
  const { runId: id } = await seedSubmission(db, other, { userId: reader.userId });
  await db.run.update({
    where: { id },
    data: { state: "running", claimedAt: after(1), runningAt: after(5) },
  });
  const readAs = async () => (await (await call(web, reader, `/api/runs/${id}`)).json()) as RunView;
  expect(await readAs()).toMatchObject({ kubernetes, road: { kubernetesReadyAt: null } });
  const started = (seq: number, check: string, second: number) => ({
    runId: id,
    attempt: 1,
    seq,
    type: "check-started",
    payload: { type: "check-started", check, title: check },
    at: after(second),
  });
  await db.runEvent.createMany({ data: [started(1, "files", 14), started(2, "build", 20)] });
  expect((await readAs()).road.kubernetesReadyAt).toBe(after(14).toISOString());
  expect((await read()).kubernetes).toBeNull();
});

test("a rerun by staff makes a new run, is audited with its reason, cannot be doubled, and takes nothing over yet", async () => {
  await setRun({ state: "graded", claimedAt: after(1), finishedAt: after(65), score: 15, maxScore: 20 });
  const rerun = () =>
    call(web, ta, `/api/runs/${runId}/rerun`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ reason: "The exercise was corrected." }),
    });
  const answers = await Promise.all([rerun(), rerun()]);
  expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409]);
  const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { run?: { id: string } }[];
  const run = { id: bodies.find((body) => body.run)?.run?.id ?? "none" };
  expect((await read(run.id)).run).toMatchObject({ state: "queued", counts: false });
  expect((await read()).run.counts).toBe(true);
  const entry = await db.auditEntry.findFirstOrThrow({ where: { action: "run.rerun" } });
  expect(entry).toMatchObject({ userId: ta.userId, reason: "The exercise was corrected." });
});

test("from a page without JavaScript rerun goes to the new run and cancel back to the run", async () => {
  await setRun({ state: "graded", claimedAt: after(1), finishedAt: after(65), score: 15, maxScore: 20 });
  const press = (id: string, button: string) =>
    call(web, null, `/api/runs/${id}/${button}`, {
      method: "POST",
      headers: { cookie: ta.cookie, origin: web.baseUrl, accept: "text/html" },
      body: new URLSearchParams({ reason: "" }),
    });
  const rerun = await press(runId, "rerun");
  expect(rerun.status).toBe(303);
  const newRun = /^\/runs\/(run_\w+)$/.exec(rerun.headers.get("location") ?? "")?.[1] ?? "";
  expect(newRun).not.toBe(runId);
  const cancel = await press(newRun, "cancel");
  expect([cancel.status, cancel.headers.get("location")]).toEqual([303, `/runs/${newRun}`]);
  const view = await read(newRun);
  expect(view.run).toMatchObject({ state: "cancelled", final: true });
  expect(view.checks.map((check) => check.verdict)).toEqual(["not_graded", "not_graded"]);
});
