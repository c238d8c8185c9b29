import { z } from "zod";
import { privateJson } from "#app/_server/answer.ts";
import { eventId } from "#app/_server/events/event-id.ts";
import { readEventPage } from "#app/_server/events/event-page.ts";
import { route } from "#app/_server/route.ts";

/** Some thousand of a run's events at once, after ?after= and before ?before=, in their order. */
export const GET = route(
  {
    permission: "run.view",
    params: z.object({ id: z.string(), after: eventId.default(0n), before: eventId.optional() }),
    subject: ({ id }) => ({ run: id }),
  },
  async ({ params: { after, before }, subject, services }) =>
    privateJson(
      await readEventPage(services.db, subject.runId, { after, ...(before === undefined ? {} : { before }) }),
    ),
);
