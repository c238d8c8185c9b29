import { z } from "zod";
import { attachment } from "#app/_server/attachment.ts";
import { textStream } from "#app/_server/events/text-stream.ts";
import { errorResponse } from "#app/_server/http-errors.ts";
import { findLogFacts, findLogRemoval, readAllEvents } from "#app/_server/queries/run/log-events.ts";
import { route } from "#app/_server/route.ts";
import { plural } from "#app/_ui/format.ts";
import { createLogFile } from "#app/_ui/run/log/log-file.ts";

/** The whole log of a run as a file of text, of all its attempts. 410 where it was removed. */
export const GET = route(
  { permission: "run.view", params: z.object({ id: z.string() }), subject: ({ id }) => ({ run: id }) },
  async ({ request, subject, services }) => {
    const { db, log } = services;
    const { runId } = subject;
    const removal = await findLogRemoval(db, runId);
    if (removal !== null) {
      const message = `The log of this run was removed on ${removal.removedAt.toISOString().slice(0, 10)}: logs like it are kept for ${plural(removal.keptDays, "day")}. Its result and its receipt stay.`;
      return errorResponse({ status: 410, code: "log-removed", message });
    }
    const { name, ended } = await findLogFacts(db, runId);
    async function* file(): AsyncGenerator<string> {
      const text = createLogFile();
      yield `${name}\n`;
      for await (const events of readAllEvents(db, runId)) yield text.add(events);
      yield text.end(ended);
    }
    const body = textStream(request, file, (err) =>
      log.error({ err, runId }, "A log could not be sent whole."),
    );
    return new Response(body, {
      headers: {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Disposition": attachment(`${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.log.txt`),
        "Cache-Control": "private, no-store, no-transform",
      },
    });
  },
);
