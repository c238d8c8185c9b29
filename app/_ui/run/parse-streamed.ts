import { z } from "zod";
import { runEvent } from "#grading/protocol/messages.ts";
import type { StreamedEvent } from "./run-live.ts";

const envelope = z.object({ attempt: z.number().int(), at: z.string() });

/** One message of GET /api/runs/:id/events; null for one that this page does not know. */
export function parseStreamed(lastEventId: string, data: string): StreamedEvent | null {
  const json: unknown = JSON.parse(data);
  const head = envelope.safeParse(json);
  const event = runEvent.safeParse(json);
  const id = Number(lastEventId);
  if (!head.success || !event.success || !Number.isSafeInteger(id)) return null;
  return { id, attempt: head.data.attempt, at: head.data.at, event: event.data };
}
