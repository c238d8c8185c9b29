import { z } from "zod";
import { privateJson } from "#app/_server/answer.ts";
import { findSubmission } from "#app/_server/queries/submission/submission-api.ts";
import { route } from "#app/_server/route.ts";

/** One submission with its receipt and its runs, newest first. */
export const GET = route(
  {
    permission: "submission.view",
    params: z.object({ id: z.string() }),
    subject: ({ id }) => ({ submission: id }),
  },
  async ({ actor, subject, services }) =>
    privateJson(await findSubmission(services.db, actor, subject)),
);
