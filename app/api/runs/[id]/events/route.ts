import { z } from "zod";
import { findActor } from "#app/_server/access/actor.ts";
import { isAllowed } from "#app/_server/access/authorize.ts";
import { eventId } from "#app/_server/events/event-id.ts";
import { tooManyStreams } from "#app/_server/events/open-streams.ts";
import { runEventMessages } from "#app/_server/events/run-event-stream.ts";
import { sseResponse } from "#app/_server/events/sse-response.ts";
import { errorResponse } from "#app/_server/http-errors.ts";
import { parseRequest } from "#app/_server/parse-request.ts";
import { route } from "#app/_server/route.ts";

/**
 * A run's events as they happen, from the first or from the one after Last-Event-ID or ?after=, and then `done`. Ends
 * with the session that opened it. 429 for a person who follows too many at once.
 */
export const GET = route(
  {
    permission: "run.view",
    params: z.object({ id: z.string(), after: eventId.default(0n) }),
    subject: ({ id }) => ({ run: id }),
  },
  async ({ request, params, actor, subject, services }) => {
    const lastSeen = request.headers.get("last-event-id");
    const after = lastSeen ? parseRequest(eventId, lastSeen) : params.after;
    const { db, runEvents: hub, queuePlaces: places, log, clock } = services;
    const { runId } = subject;
    const leave = services.eventStreams.enter(actor.userId);
    if (leave === null) {
      return errorResponse({ status: 429, code: "too-many-streams", message: tooManyStreams });
    }
    const mayStill = async () =>
      isAllowed(services, "run.view", await findActor(services, request.headers), { run: runId });
    return sseResponse(
      request,
      (signal) => {
        // A reader that goes before the first message leaves without the stream ever having begun.
        signal.addEventListener("abort", leave, { once: true });
        if (signal.aborted) leave();
        return thenLeave(runEventMessages({ db, hub, runId, after, signal, mayStill, places, clock }), leave);
      },
      (err) => log.error({ err, runId }, "An event stream broke."),
    );
  },
);

async function* thenLeave(messages: AsyncGenerator<string>, leave: () => void): AsyncGenerator<string> {
  try {
    yield* messages;
  } finally {
    leave();
  }
}
