import { z } from "zod";
import { runEventMessages } from "#app/_server/events/run-event-stream.ts";
import { sseResponse } from "#app/_server/events/sse-response.ts";
import { parseRequest } from "#app/_server/parse-request.ts";
import { route } from "#app/_server/route.ts";

const eventId = z
  .string()
  .regex(/^\d{1,18}$/, "the id of an event")
  .transform(BigInt);

/** A run's events as they happen, from the first or from the one after Last-Event-ID or ?after=, and then `done`. */
export const GET = route(
  {
    permission: "run.view",
    params: z.object({ id: z.string(), after: eventId.default(0n) }),
    subject: ({ id }) => ({ run: id }),
  },
  async ({ request, params, subject, services }) => {
    const lastSeen = request.headers.get("last-event-id");
    const after = lastSeen ? parseRequest(eventId, lastSeen) : params.after;
    const { db, runEvents: hub, log } = services;
    return sseResponse(
      request,
      (signal) => runEventMessages({ db, hub, runId: subject.runId, after, signal }),
      (err) => log.error({ err, runId: subject.runId }, "An event stream broke."),
    );
  },
);
