import { AgentRefusal } from "../../protocol/agent-service.ts";
import type { Attempt } from "../../protocol/attempt.ts";
import type { EventAck, EventBatch, SequencedEvent } from "../../protocol/messages.ts";
import type { ResultTransaction } from "./result-transaction.ts";

/** An attempt keeps this many events; a machine that sends more is heard but not recorded. */
export const maxEventsPerAttempt = 50_000;

/**
 * Appends an agent's events to its run. seq is dense within the attempt: what is known is skipped, a gap answers
 * with the seq to resend from. Insert and notify are one transaction under the run's lock.
 */
export async function appendEvents(
  tx: ResultTransaction,
  { runId, attempt }: Attempt,
  batch: EventBatch,
): Promise<EventAck> {
  if (batch.events.some(({ event }) => event.type === "state")) {
    throw new AgentRefusal(409, "state-is-drydocks", "An agent cannot report a change of the run's state.");
  }
  await tx.lockRun(runId);
  const run = await tx.readRun(runId);
  if (run?.status.attempt !== attempt || run.status.state !== "running") {
    throw new AgentRefusal(409, "attempt-over", `Attempt ${attempt} of this run is over.`);
  }
  const last = await tx.readLastSeq({ runId, attempt });
  const fresh = freshEvents(batch.events, last);
  const kept = fresh.filter((item) => item.seq <= maxEventsPerAttempt);
  if (kept.length > 0) await tx.addEvents({ runId, attempt }, kept);
  if (kept.at(-1)?.seq === maxEventsPerAttempt) {
    const detail = `The log has ${maxEventsPerAttempt} lines, the most that are kept; what follows is left out.`;
    await tx.announce(runId, { state: "running", attempt, detail });
  }
  return { nextSeq: (fresh.at(-1)?.seq ?? last) + 1 };
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
