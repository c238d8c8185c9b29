import { z } from "zod";
import type { EventPage } from "#app/_server/events/event-page.ts";
import type { StreamedEvent } from "#app/_server/events/streamed-event.ts";
import type { QueueView } from "#app/_server/queries/run/run-view.ts";
import { runEvent } from "#grading/protocol/messages.ts";

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

const eventPage = z.object({
  events: z.array(z.unknown()),
  lastId: z.number().int(),
  more: z.boolean(),
  ended: z.boolean(),
});
const listedEvent = envelope.extend({ id: z.number().int(), event: runEvent });

/** The answer of GET /api/runs/:id/events/list, without events that this page does not know. Throws for any other. */
export function parseEventPage(json: unknown): EventPage {
  const page = eventPage.parse(json);
  const events = page.events.flatMap((one) => listedEvent.safeParse(one).data ?? []);
  return { ...page, events };
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
