import { numberOf, runOrder } from "#grading/runs/counting.ts";
import { isFinal } from "#grading/runs/run-state.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { readEventRows, type StreamedEvent, streamedEvent } from "../../events/streamed-event.ts";

/** Of lines that are as long as can be these are 4 MB. */
const batch = 500;

/** The log of this run was removed, or begins to be, since it is older than logs are kept. */
export interface LogRemoved {
  removedAt: Date;
  keptDays: number;
}

/** null: the log is still there, or there never was a line of it. */
export async function findLogRemoval(db: Db, runId: string): Promise<LogRemoved | null> {
  const row = await db.logRemoval.findUnique({
    where: { runId },
    select: { removedAt: true, keptDays: true, lines: true },
  });
  return row === null || row.lines === 0 ? null : row;
}

/**
 * All events of a run so far, in their order, some at a time. Throws when its log begins to be removed meanwhile: what
 * was given is then not the whole.
 */
export async function* readAllEvents(db: Db, runId: string): AsyncGenerator<StreamedEvent[]> {
  let after = 0n;
  for (;;) {
    const rows = await readEventRows(db, runId, { after, take: batch });
    if (rows.length > 0) yield rows.map(streamedEvent).filter((event) => event !== null);
    after = rows.at(-1)?.id ?? after;
    if (rows.length < batch) break;
  }
  if ((await findLogRemoval(db, runId)) !== null) throw new Error("The log was removed while it was sent.");
}

/** What a log's file is called, such as "Docker containers, submission 3, run 1", and whether its run has ended. */
export async function findLogFacts(db: Db, runId: string): Promise<{ name: string; ended: boolean }> {
  const { state, submission } = await db.run.findUniqueOrThrow({
    where: { id: runId },
    select: {
      state: true,
      submission: {
        select: {
          number: true,
          exercise: { select: { title: true } },
          runs: { orderBy: runOrder, select: { id: true } },
        },
      },
    },
  });
  const { number, exercise, runs } = submission;
  const run = numberOf({ id: runId }, runs);
  return { name: `${exercise.title}, submission ${number}, run ${run}`, ended: isFinal(state) };
}
