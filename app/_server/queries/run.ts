import { costOf, perSecond, perSecondAfterMinute } from "#course/cost/cost-of.ts";
import { exerciseSpec } from "#grading/exercises/spec.ts";
import { type KeepDays, logDays } from "#grading/retention/keep-days.ts";
import { reasonToWait } from "#grading/runs/estimate.ts";
import { isFinal } from "#grading/runs/run-state.ts";
import type { Db } from "#infra/db/client.ts";
import { queueEstimate } from "#infra/db/fleet-estimate.ts";
import type { Prisma } from "#infra/db/generated/client.ts";
import type { Services } from "../services.ts";
import { type CheckEvent, checkViews } from "./check-views.ts";
import { runCost } from "./machine-cost.ts";
import { receiptFields, receiptView } from "./receipt-view.ts";
import type { ClusterView, QueueView, RunView } from "./run-view.ts";

const runFields = {
  submission: {
    select: {
      ...receiptFields,
      user: { select: { id: true, name: true } },
      exercise: { select: { slug: true, title: true, assignment: { include: { course: true } } } },
    },
  },
  exerciseVersion: { select: { spec: true } },
  checks: { orderBy: { position: "asc" } },
  claims: { orderBy: { attempt: "asc" } },
  clusters: { orderBy: { requestedAt: "desc" } },
  logRemoval: true,
} satisfies Prisma.RunInclude;
type RunRow = Prisma.RunGetPayload<{ include: typeof runFields }>;

/** The one read model of a run: the API answers it, the run page shows it. null when there is no such run. */
export async function findRun(
  services: Pick<Services, "db" | "config" | "clock">,
  runId: string,
): Promise<RunView | null> {
  const { db, config } = services;
  const run = await db.run.findUnique({ where: { id: runId }, include: runFields });
  if (!run) return null;
  const now = services.clock();
  const { submission } = run;
  const { assignment, ...exercise } = submission.exercise;
  const { course } = assignment;
  const spec = exerciseSpec.parse(run.exerciseVersion.spec);
  const cluster = run.clusters.find((one) => one.runAttempt === run.attempt);
  return {
    run: {
      id: run.id,
      submissionId: run.submissionId,
      state: run.state,
      final: isFinal(run.state),
      attempt: run.attempt,
      counts: run.counts,
      score: run.score === null ? null : Number(run.score),
      maxScore: Number(run.maxScore ?? spec.checks.reduce((sum, check) => sum + check.points, 0)),
      reason: run.reason,
      queuedAt: run.queuedAt.toISOString(),
      finishedAt: iso(run.finishedAt),
    },
    course: { id: course.id, slug: course.slug, title: course.title, timeZone: course.timeZone },
    assignment: { slug: assignment.slug, title: assignment.title },
    exercise,
    kubernetes: spec.profile === "kubernetes" ? spec.kubernetes : null,
    student: submission.user,
    road: {
      queuedAt: run.queuedAt.toISOString(),
      claimedAt: iso(run.claimedAt),
      bootingAt: iso(cluster ? (cluster.takenAt ?? cluster.bootingAt ?? cluster.requestedAt) : null),
      runningAt: iso(run.runningAt),
      kubernetesReadyAt: spec.profile === "kubernetes" ? await firstCheckAt(db, run) : null,
      finishedAt: iso(run.finishedAt),
    },
    checks: checkViews(spec.checks, {
      run,
      results: run.checks.filter((check) => check.attempt === run.attempt),
      events: isFinal(run.state) ? [] : await checkEvents(db, run),
    }),
    receipt: receiptView(submission),
    logKept: logKept(run, config.keepDays),
    cluster: cluster ? clusterView(cluster, now) : null,
    queue: run.state === "queued" ? await queueView(db, run, config.fleetMax, now) : null,
    attempts: run.claims.map(({ attempt, openedAt, closedAt, outcome }) => ({
      attempt,
      openedAt: openedAt.toISOString(),
      closedAt: iso(closedAt),
      outcome,
    })),
  };
}

/** Of a run that wrote none nothing was removed. */
function logKept({ counts, logRemoval }: RunRow, keep: KeepDays): RunView["logKept"] {
  if (logRemoval === null || logRemoval.lines === 0) return { days: logDays(keep, counts), removedAt: null };
  return { days: logRemoval.keptDays, removedAt: logRemoval.removedAt.toISOString() };
}

const iso = (instant: Date | null) => instant?.toISOString() ?? null;

/** What the machine told of this attempt's checks so far. */
async function checkEvents(db: Db, run: RunRow): Promise<CheckEvent[]> {
  const rows = await db.runEvent.findMany({
    where: { runId: run.id, attempt: run.attempt, type: { in: ["check-started", "check-finished"] } },
    orderBy: { id: "asc" },
    select: { type: true, payload: true },
  });
  return rows.map(({ type, payload }) => ({ ...(payload as object), type }) as CheckEvent);
}

/** The machine starts its Kubernetes before the first check, and tells nothing else of its readiness. */
async function firstCheckAt(db: Db, run: RunRow): Promise<string | null> {
  const first = await db.runEvent.findFirst({
    where: { runId: run.id, attempt: run.attempt, type: "check-started" },
    orderBy: { id: "asc" },
    select: { at: true },
  });
  return iso(first?.at ?? null);
}

function clusterView(cluster: RunRow["clusters"][number], now: Date): ClusterView {
  const { id, provider, state, bootingAt, takenAt, terminatedAt } = cluster;
  const until = terminatedAt ?? now;
  // What a machine did before it was this run's is not the run's.
  const from = takenAt ?? bootingAt;
  const seconds = from === null ? 0 : Math.max(0, (until.getTime() - from.getTime()) / 1000);
  const rule = provider === "ec2" ? perSecondAfterMinute : perSecond;
  const costUsd = runCost(cluster) ?? costOf(Number(cluster.usdPerHour), seconds, rule);
  return { id, provider, state, seconds, costUsd };
}

async function queueView(db: Db, run: RunRow, fleetMax: number, now: Date): Promise<QueueView | null> {
  const estimate = await queueEstimate(db, run.id, { fleetMax, now });
  if (estimate === null) return null;
  const { position } = estimate;
  const waitsFor = reasonToWait(run);
  if (estimate.outcome === "no-estimate" || waitsFor !== null) {
    return {
      position,
      estimateSeconds: null,
      finishSeconds: null,
      slowFinishSeconds: null,
      basedOn: 0,
      why: estimate.outcome === "no-estimate" ? estimate.why : null,
      waitsFor,
    };
  }
  const { startSeconds, finishSeconds, slowFinishSeconds, basedOn } = estimate;
  return {
    position,
    estimateSeconds: startSeconds,
    finishSeconds,
    slowFinishSeconds,
    basedOn,
    why: null,
    waitsFor: null,
  };
}
