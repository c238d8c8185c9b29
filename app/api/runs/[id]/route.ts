import { z } from "zod";
import { privateJson } from "#app/_server/answer.ts";
import { findRun } from "#app/_server/queries/run/run.ts";
import { route } from "#app/_server/route.ts";

/** One run: its state, road, checks, receipt, machine and place in the queue. */
export const GET = route(
  { permission: "run.view", params: z.object({ id: z.string() }), subject: ({ id }) => ({ run: id }) },
  async ({ subject, services }) => privateJson(await findRun(services, subject.runId)),
);
