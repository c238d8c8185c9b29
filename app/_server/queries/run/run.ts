import { billingOf, costOf } from "#course/cost/cost-of.ts";
import type { ExerciseSpec } from "#grading/exercises/spec/spec.ts";
import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import { costsFrom } from "#grading/machines/transition-machine.ts";
import { type KeepDays, logDays } from "#grading/retention/keep-days.ts";
import { numberOf, runOrder, standingOf } from "#grading/runs/counting.ts";
import { readStoredEvent } from "#grading/runs/results/stored-results.ts";
import { isFinal } from "#grading/runs/run-state.ts";
import type { Db } from "#infra/db/connection/client.ts";
import type { Prisma } from "#infra/db/generated/client.ts";
import type { Services } from "../../services.ts";
import { sharedExercises, shareOf } from "../course/exercise-shares.ts";
import { receiptFields, receiptView } from "../submission/receipt-view.ts";
import { type CheckEvent, checkViews, isCheckEvent } from "./check-views.ts";
import { countLines } from "./log-tail.ts";
import { runCost } from "./machine-cost.ts";
import { queueView } from "./queue-view.ts";
import type { MachineView, RunBrief, RunView, StandingView } from "./run-view.ts";
import { studentRerun } from "./student-rerun.ts";

const runFields = {
  submission: {
    select: {
      ...receiptFields,
      runs: {
        orderBy: runOrder,
        select: {
          ...{ id: true, state: true, reasonCode: true, counts: true },
          ...{ score: true, maxScore: true, finishedAt: true },
        },
      },
      user: { select: { id: true, name: true } },
      exercise: {
        select: {
          id: true,
          slug: true,
          title: true,
          assignment: { include: { course: true, exercises: sharedExercises } },
        },
      },
    },
  },
  exerciseVersion: { select: { spec: true } },
  claims: { orderBy: { attempt: "asc" } },
  machines: { orderBy: { requestedAt: "desc" } },
  logRemoval: true,
} satisfies Prisma.RunInclude;
type RunRow = Prisma.RunGetPayload<{ include: typeof runFields }>;

/** The one read model of a run: the API answers it, the run page shows it. null when there is no such run. */
export async function findRun(
  services: Pick<Services, "db" | "config" | "clock" | "queuePlaces">,
  runId: string,
): Promise<RunView | null> {
  const { db, config } = services;
  const run = await db.run.findUnique({ where: { id: runId }, include: runFields });
  if (!run) return null;
  const now = services.clock();
  const { submission } = run;
  const { assignment, slug, title } = submission.exercise;
  const { course } = assignment;
  const stored = storedSpec.read(run.exerciseVersion.spec);
  const spec = stored.outcome === "read" ? stored.value : null;
  const kubernetes = spec?.facilities.kubernetes ?? null;
  const machine = run.machines.find((one) => one.runAttempt === run.attempt);
  const told = await toldByMachine(db, run);
  return {
    run: {
      id: run.id,
      submissionId: run.submissionId,
      state: run.state,
      final: isFinal(run.state),
      attempt: run.attempt,
      counts: run.counts,
      score: run.score === null ? null : Number(run.score),
      maxScore: maxScoreOf(run, spec),
      reason: run.reason,
      reasonCode: run.reasonCode,
      platformFaults: run.platformFaults,
      number: numberOf(run, submission.runs),
      byStaff: run.byStaff,
      queuedAt: run.queuedAt.toISOString(),
      finishedAt: iso(run.finishedAt),
    },
    course: {
      ...{ id: course.id, slug: course.slug, code: course.code, title: course.title },
      timeZone: course.timeZone,
    },
    assignment: { slug: assignment.slug, title: assignment.title },
    exercise: { slug, title },
    share: shareOf(assignment, submission.exercise.id),
    kubernetes,
    student: submission.user,
    road: {
      queuedAt: (lastReturn(run) ?? run.queuedAt).toISOString(),
      claimedAt: iso(run.claimedAt),
      bootingAt: iso(machine ? (machine.takenAt ?? machine.bootingAt ?? machine.requestedAt) : null),
      runningAt: iso(run.runningAt),
      kubernetesReadyAt: kubernetes === null ? null : firstCheckAt(told),
      finishedAt: iso(run.finishedAt),
    },
    checks: checkViews(spec?.checks ?? null, {
      run,
      results: await resultsOf(db, run),
      events: told.map(({ event }) => event),
    }),
    unreadable: spec === null ? unreadable : null,
    standing: await standingView(db, run),
    receipt: receiptView(submission),
    logKept: {
      ...logKept(run, config.keepDays),
      lines: isFinal(run.state) ? await countLines(db, run.id) : null,
    },
    machine: machine ? machineView(machine, now) : null,
    costUsd: run.machines.reduce((sum, one) => sum + machineView(one, now).costUsd, 0),
    usual: isFinal(run.state) ? null : await services.queuePlaces.usual(submission.exercise.id),
    queue: run.state === "queued" ? queueView(await services.queuePlaces.of(run.id)) : null,
    attempts: run.claims.map(({ attempt, openedAt, closedAt, outcome }) => ({
      attempt,
      openedAt: openedAt.toISOString(),
      closedAt: iso(closedAt),
      outcome,
      hadMachine: hadMachine(run, { attempt }),
    })),
  };
}

const unreadable =
  "The stored exercise of this run cannot be read by this version of Drydock, so this page shows only what was stored beside it. Tell the staff of your course if you miss something.";

/** When a machine last gave the run back to the queue; null where none did. An attempt without one was only a wait. */
function lastReturn(run: RunRow): Date | null {
  return (
    run.claims.findLast((claim) => claim.attempt < run.attempt && hadMachine(run, claim))?.closedAt ?? null
  );
}

function hadMachine({ machines }: RunRow, { attempt }: { attempt: number }): boolean {
  return machines.some((one) => one.runAttempt === attempt && one.endCode !== "not_launched");
}

/** As it was graded; else as the exercise says. */
function maxScoreOf(run: RunRow, spec: ExerciseSpec | null): number | null {
  if (run.maxScore !== null) return Number(run.maxScore);
  return spec === null ? null : spec.checks.reduce((sum, check) => sum + check.points, 0);
}

async function standingView(db: Db, run: RunRow): Promise<StandingView> {
  const { runs, user, exercise } = run.submission;
  const { counted, underWay } = standingOf(runs, run.id);
  const whose = { id: run.submissionId, userId: user.id, exerciseId: exercise.id };
  return {
    runs: runs.length,
    counted: counted && brief(counted, runs),
    underWay: underWay && brief(underWay, runs),
    ...(await studentRerun(db, { ...whose, runs })),
  };
}

type Sibling = RunRow["submission"]["runs"][number];

const brief = (run: Sibling, runs: Sibling[]): RunBrief => ({
  id: run.id,
  number: numberOf(run, runs),
  state: run.state,
  score: run.score === null ? null : Number(run.score),
  maxScore: run.maxScore === null ? null : Number(run.maxScore),
  finishedAt: iso(run.finishedAt),
});

/** Of a run that wrote none nothing was removed. */
function logKept({ counts, logRemoval }: RunRow, keep: KeepDays): Omit<RunView["logKept"], "lines"> {
  if (logRemoval === null || logRemoval.lines === 0) return { days: logDays(keep, counts), removedAt: null };
  return { days: logRemoval.keptDays, removedAt: logRemoval.removedAt.toISOString() };
}

const iso = (instant: Date | null) => instant?.toISOString() ?? null;

/** What readers are shown of this attempt's results; there are none before the machine reported. */
async function resultsOf(db: Db, run: RunRow) {
  if (run.state !== "scoring" && !isFinal(run.state)) return [];
  return db.checkResult.findMany({
    where: { runId: run.id, attempt: run.attempt },
    omit: { staffOutput: true },
    orderBy: { position: "asc" },
  });
}

type Told = { event: CheckEvent; at: Date };

/** What the machine told of this attempt's checks so far: an index without the lines of the log holds it. */
async function toldByMachine(db: Db, run: RunRow): Promise<Told[]> {
  if (run.runningAt === null) return [];
  const rows = await db.$queryRaw<{ type: string; payload: object; at: Date }[]>`
    SELECT type, payload, at FROM run_event
    WHERE run_id = ${run.id} AND attempt = ${run.attempt} AND type <> 'log'
      AND type IN ('check-started', 'check-finished')
    ORDER BY id`;
  return rows.flatMap((row) => {
    const event = readStoredEvent(row);
    return event.outcome === "read" && isCheckEvent(event.value) ? [{ event: event.value, at: row.at }] : [];
  });
}

/** The machine starts its Kubernetes before the first check, and tells nothing else of its readiness. */
function firstCheckAt(told: Told[]): string | null {
  return iso(told.find(({ event }) => event.type === "check-started")?.at ?? null);
}

function machineView(machine: RunRow["machines"][number], now: Date): MachineView {
  const { id, provider, state, takenAt, terminatedAt } = machine;
  const until = terminatedAt ?? now;
  // What a machine did before it was this run's is not the run's.
  const from = takenAt ?? costsFrom(machine);
  const seconds = from === null ? 0 : Math.max(0, (until.getTime() - from.getTime()) / 1000);
  const costUsd = runCost(machine) ?? costOf(Number(machine.usdPerHour), seconds, billingOf(provider));
  return { id, provider, state, seconds, costUsd };
}
