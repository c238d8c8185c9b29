import { type Stored, storedKind } from "#course/stored-json.ts";
import { checkMessage, drillTimeline, type RunEvent, runEvent } from "../../protocol/messages.ts";

/** check_result.message */
export const storedMessage = storedKind("message of a check", checkMessage);

/** check_result.timeline */
export const storedTimeline = storedKind("timeline of a drill", drillTimeline);

/** run_event.payload; see readStoredEvent. */
export const storedEvent = storedKind("event of a run", runEvent);

/** An event of a run: the row's type decides, and only fields that students may see come out. */
export function readStoredEvent(row: { type: string; payload: unknown }): Stored<RunEvent> {
  const payload = typeof row.payload === "object" && row.payload !== null ? row.payload : {};
  return storedEvent.read({ ...payload, type: row.type });
}
