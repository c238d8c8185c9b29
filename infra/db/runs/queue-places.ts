import type { Clock } from "#course/clock.ts";
import { estimateQueue, type Place, type Usual, usualOf } from "#grading/runs/queue/estimate.ts";
import { isWaitCode } from "#grading/runs/run-state.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { readOpenRuns } from "./open-runs.ts";

/** How many of an exercise's last graded runs an estimate rests on. */
const history = 20;
/** How old what readers are told may be. */
const freshMs = 1000;

export interface QueuePlace extends Place {
  /** What must be there before the run can start: one sentence; null when it waits for its turn alone. */
  waitsFor: string | null;
}

export interface QueuePlaces {
  /** The place of a queued run; null when it is not queued (any more). */
  of(runId: string): Promise<QueuePlace | null>;
  /** The same as it was read within the last second: null also of a run that was queued since. Costs a look-up. */
  lately(runId: string): Promise<QueuePlace | null>;
  /** How long runs of an exercise that has some under way take; null without any to tell from. */
  usual(exerciseId: string): Promise<Usual | null>;
}

interface QueueSeen {
  places: Map<string, QueuePlace>;
  /** By exercise; of those alone that have a run that has not ended. */
  durations: ReadonlyMap<string, readonly number[]>;
}

/**
 * The places of all queued runs, read once for all who ask within a second: what one look costs does not grow with
 * the queue, and what all looks cost does not grow with the readers.
 */
export function createQueuePlaces(
  db: Db,
  { fleetMax, clock }: { fleetMax: number; clock: Clock },
): QueuePlaces {
  let known: { seen: QueueSeen; readAt: Date } | null = null;
  let reading: Promise<QueueSeen> | null = null;

  const read = () => {
    reading ??= readQueuePlaces(db, fleetMax, clock)
      .then((seen) => {
        known = { seen, readAt: clock() };
        return seen;
      })
      .finally(() => {
        reading = null;
      });
    return reading;
  };
  const current = () => {
    const age = known === null ? Number.NaN : clock().getTime() - known.readAt.getTime();
    // A clock that was put back must not keep an old answer.
    return known !== null && age >= 0 && age < freshMs ? known.seen : read();
  };

  return {
    async of(runId) {
      const place = (await current()).places.get(runId);
      // Queued within this second; or claimed meanwhile, which the next look tells.
      return place ?? (await read()).places.get(runId) ?? null;
    },
    lately: async (runId) => (await current()).places.get(runId) ?? null,
    usual: async (exerciseId) => usualOf((await current()).durations.get(exerciseId) ?? []),
  };
}

async function readQueuePlaces(db: Db, fleetMax: number, clock: Clock): Promise<QueueSeen> {
  const now = clock();
  const runs = await readOpenRuns(db, now);
  const queued = runs.filter((run) => run.state === "queued");
  const durations = await readDurations(db, [...new Set(runs.map((run) => run.exercise))]);
  const waitsFor = new Map(queued.map((run) => [run.id, isWaitCode(run.reasonCode) ? run.reason : null]));
  const places = estimateQueue({
    fleetMax,
    waiting: queued.map((run) => ({ ...run, cannotStart: isWaitCode(run.reasonCode) })),
    underWay: runs
      .filter((run) => run.state !== "queued")
      .map((run) => ({
        ...run,
        seconds: Math.max(0, (now.getTime() - (run.claimedAt ?? now).getTime()) / 1000),
      })),
    durations,
  });
  return {
    durations,
    places: new Map([...places].map(([id, place]) => [id, { ...place, waitsFor: waitsFor.get(id) ?? null }])),
  };
}

/** Seconds from the last claim to the end, so that neither the queue nor faulty attempts count. */
async function readDurations(db: Db, exerciseIds: string[]): Promise<Map<string, number[]>> {
  const rows = await db.$queryRaw<{ exercise: string; seconds: number }[]>`
    SELECT e.id AS exercise, last.seconds
    FROM unnest(${exerciseIds}::text[]) AS e(id)
    CROSS JOIN LATERAL (
      SELECT greatest(0, extract(epoch FROM r.finished_at - r.claimed_at))::float8 AS seconds
      FROM exercise_version v
      CROSS JOIN LATERAL (
        SELECT claimed_at, finished_at FROM run
        WHERE exercise_version_id = v.id AND finished_at IS NOT NULL AND state = 'graded' AND claimed_at IS NOT NULL
        ORDER BY finished_at DESC LIMIT ${history}
      ) r
      WHERE v.exercise_id = e.id
      ORDER BY r.finished_at DESC LIMIT ${history}
    ) last`;
  const durations = new Map<string, number[]>();
  for (const { exercise, seconds } of rows) {
    durations.set(exercise, [...(durations.get(exercise) ?? []), seconds]);
  }
  return durations;
}
