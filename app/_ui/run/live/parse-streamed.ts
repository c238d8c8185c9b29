import { z } from "zod";
import type { QueueView } from "#app/_server/queries/run/run-view.ts";
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

const queueView = z.object({
  position: z.number(),
  superseded: z.boolean(),
  estimateSeconds: z.number().nullable(),
  finishSeconds: z.number().nullable(),
  slowFinishSeconds: z.number().nullable(),
  basedOn: z.number(),
  overdue: z.object({ seconds: z.number(), usualSeconds: z.number() }).nullable(),
  why: z.string().nullable(),
  waitsFor: z.string().nullable(),
}) satisfies z.ZodType<QueueView>;

/** The run's place in the queue; null for one that this page does not know. */
export function parsePlace(data: string): QueueView | null {
  return queueView.safeParse(JSON.parse(data)).data ?? null;
}
