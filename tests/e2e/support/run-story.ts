import { newId } from "#course/ids.ts";
import type { RunEvent } from "#grading/protocol/messages.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { notify } from "#infra/db/connection/notify.ts";
import { announce, lockRun } from "#infra/db/runs/fleet-transaction.ts";
import { type SeededCourse, seededAt } from "#tests/support/seed.ts";

/** A seeded run as it stands while its machine grades. */
export async function startRun(db: Db, runId: string): Promise<void> {
  await db.run.update({
    where: { id: runId },
    data: { state: "running", claimedAt: seededAt, runningAt: seededAt },
  });
}

/** Appends events as the agent's batches are, a tenth of a second apart, in one transaction with the notification. */
export async function say(db: Db, runId: string, events: readonly RunEvent[]): Promise<void> {
  await db.$transaction(async (tx) => {
    await lockRun(tx, runId);
    const last = await tx.runEvent.aggregate({ where: { runId, attempt: 1 }, _max: { seq: true } });
    const before = last._max.seq ?? 0;
    await tx.runEvent.createMany({
      data: events.map((event, index) => ({
        ...{ runId, attempt: 1, seq: before + index + 1, type: event.type, payload: event as object },
        at: new Date(seededAt.getTime() + (before + index) * 100),
      })),
    });
    await notify(tx, "run_event", runId);
  });
}

/** Ends a run with its checks' results, as scoring does; its machine is gone. */
export async function endRun(
  db: Db,
  runId: string,
  { course, failed }: { course: SeededCourse; failed: readonly string[] },
): Promise<void> {
  const endedAt = new Date(seededAt.getTime() + 60_000);
  const { checks } = course.spec;
  await db.$transaction(async (tx) => {
    await lockRun(tx, runId);
    await tx.checkResult.createMany({
      data: checks.map((check, position) => ({
        id: newId("chk", seededAt),
        ...{ runId, attempt: 1, position, checkId: check.id, kind: check.kind, title: check.title },
        verdict: failed.includes(check.id) ? ("failed" as const) : ("passed" as const),
        fault: failed.includes(check.id) ? ("student" as const) : null,
        points: failed.includes(check.id) ? 0 : check.points,
        maxPoints: check.points,
        durationMs: 3200,
        message: { expected: "It works.", happened: "It did what it did.", fix: "Look at its log." },
      })),
    });
    await tx.run.update({
      where: { id: runId },
      data: { state: "graded", finishedAt: endedAt, score: 5, maxScore: 20 },
    });
    await announce(tx, runId, { state: "graded", attempt: 1, detail: null }, endedAt);
  });
}
