import { z } from "zod";
import { privateJson, seeOther, wantsPage } from "#app/_server/answer.ts";
import { errorResponse } from "#app/_server/http-errors.ts";
import { readReason } from "#app/_server/read-reason.ts";
import { route } from "#app/_server/route.ts";
import { cancelRun } from "#grading/runs/cancel-run.ts";
import { createFleetActs } from "#infra/db/fleet-acts.ts";

/** Ends an unfinished run without a result. */
export const POST = route(
  { permission: "run.cancel", params: z.object({ id: z.string() }), subject: ({ id }) => ({ run: id }) },
  async ({ request, actor, subject, services }) => {
    const { runId } = subject;
    const result = await cancelRun(
      { store: createFleetActs(services.db), clock: services.clock },
      { runId, userId: actor.userId, reason: await readReason(request) },
    );
    // A page shows the run as it is now, which says more than "too late".
    if (wantsPage(request)) return seeOther(`/runs/${runId}`);
    if (result.outcome === "refused") {
      return errorResponse({ status: 409, code: result.code, message: result.message });
    }
    return privateJson({ run: { id: runId, state: "cancelled" } });
  },
);
