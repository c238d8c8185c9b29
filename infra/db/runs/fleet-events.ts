import { AgentRefusal } from "#grading/protocol/agent-service.ts";
import type { EventAck, EventBatch, SequencedEvent } from "#grading/protocol/messages.ts";
import { storable } from "#grading/runs/storable.ts";
import { storedEvent } from "#grading/runs/stored-results.ts";
import type { Tx } from "#infra/db/connection/client.ts";
import { notify } from "#infra/db/connection/notify.ts";
import type { MoveContext } from "../machines/fleet-mover.ts";
import { announce, lockRun } from "./run-store.ts";

/** An attempt keeps this many events; a machine that sends more is heard but not recorded. */
export const maxEventsPerAttempt = 50_000;

/**
 * Appends an agent's events to its run. seq is dense within the attempt: what is known is skipped, a gap answers
 * with the seq to resend from. Insert and notify are one transaction under the run's lock.
 */
export async function appendEvents(
  context: MoveContext,
  run: { runId: string; attempt: number },
  batch: EventBatch,
): Promise<EventAck> {
  const { tx, now } = context;
  if (batch.events.some(({ event }) => event.type === "state")) {
    throw new AgentRefusal(409, "state-is-drydocks", "An agent cannot report a change of the run's state.");
  }
  await lockRun(tx, run.runId);
  const row = await tx.run.findUnique({ where: { id: run.runId }, select: { state: true, attempt: true } });
  if (row?.attempt !== run.attempt || row.state !== "running") {
    throw new AgentRefusal(409, "attempt-over", `Attempt ${run.attempt} of this run is over.`);
  }
  const last = await lastSeq(tx, run);
  const fresh = freshEvents(batch.events, last);
  const kept = fresh.filter((item) => item.seq <= maxEventsPerAttempt);
  if (kept.length > 0) {
    await tx.runEvent.createMany({ data: kept.map((item) => eventRow(run, item)) });
    await notify(tx, "run_event", run.runId);
  }
  if (kept.at(-1)?.seq === maxEventsPerAttempt) {
    const detail = `The log has ${maxEventsPerAttempt} lines, the most that are kept; what follows is left out.`;
    await announce(tx, run.runId, { state: "running", attempt: run.attempt, detail }, now);
  }
  return { nextSeq: (fresh.at(-1)?.seq ?? last) + 1 };
}

async function lastSeq(tx: Tx, run: { runId: string; attempt: number }): Promise<number> {
  const { _max } = await tx.runEvent.aggregate({
    where: { runId: run.runId, attempt: run.attempt },
    _max: { seq: true },
  });
  return _max.seq ?? 0;
}

/** The unknown events of the batch up to its first gap. Once the log is full, seq is no longer counted. */
function freshEvents(events: SequencedEvent[], last: number): SequencedEvent[] {
  const full = last >= maxEventsPerAttempt;
  const ordered = [...events].sort((a, b) => a.seq - b.seq);
  const fresh: SequencedEvent[] = [];
  let expected = last + 1;
  for (const item of ordered) {
    if (item.seq < expected) continue;
    if (item.seq > expected && !full) break;
    fresh.push(item);
    expected = item.seq + 1;
  }
  return fresh;
}

function eventRow(run: { runId: string; attempt: number }, item: SequencedEvent) {
  return {
    runId: run.runId,
    attempt: run.attempt,
    seq: item.seq,
    type: item.event.type,
    payload: storedEvent.write(storable(item.event)),
    at: new Date(item.at),
  };
}
