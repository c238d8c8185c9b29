import { type Estimate, estimateWait, reasonToWait } from "#grading/runs/estimate.ts";
import type { Db } from "#infra/db/client.ts";
import type { Prisma } from "#infra/db/generated/client.ts";

/** How many of the exercise's last graded runs an estimate rests on. */
const history = 20;

const waiting = {
  reason: true,
  attempt: true,
  claims: { select: { attempt: true, outcome: true } },
} satisfies Prisma.RunSelect;

/**
 * Position and estimate of a queued run; null when it is not queued. The runs ahead are taken to last as long as
 * those of this run's exercise. Runs that cannot start yet hold up only those that cannot either.
 */
export async function queueEstimate(
  db: Db,
  runId: string,
  settings: { fleetMax: number; now: Date },
): Promise<Estimate | null> {
  const run = await db.run.findUnique({
    where: { id: runId },
    select: {
      ...waiting,
      state: true,
      queuedAt: true,
      exerciseVersion: { select: { exerciseId: true } },
    },
  });
  if (run?.state !== "queued") return null;
  const { queuedAt } = run;
  const older = await db.run.findMany({
    where: { state: "queued", OR: [{ queuedAt: { lt: queuedAt } }, { queuedAt, id: { lt: runId } }] },
    select: waiting,
  });
  const ahead = reasonToWait(run) === null ? older.filter((one) => reasonToWait(one) === null) : older;
  const underWay = await db.run.findMany({
    where: { state: { in: ["claimed", "provisioning", "running", "scoring"] } },
    select: { claimedAt: true },
  });
  return estimateWait({
    position: ahead.length + 1,
    fleetMax: settings.fleetMax,
    underWaySeconds: underWay.map(({ claimedAt }) => seconds(claimedAt, settings.now)),
    durations: await pastDurations(db, run.exerciseVersion.exerciseId),
  });
}

/** Seconds from the last claim to the end, so that neither the queue nor faulty attempts count. */
async function pastDurations(db: Db, exerciseId: string): Promise<number[]> {
  const runs = await db.run.findMany({
    where: { state: "graded", exerciseVersion: { exerciseId }, claimedAt: { not: null } },
    orderBy: { finishedAt: "desc" },
    take: history,
    select: { claimedAt: true, finishedAt: true },
  });
  return runs.flatMap(({ claimedAt, finishedAt }) => (finishedAt ? [seconds(claimedAt, finishedAt)] : []));
}

function seconds(from: Date | null, until: Date): number {
  return from === null ? 0 : Math.max(0, (until.getTime() - from.getTime()) / 1000);
}
