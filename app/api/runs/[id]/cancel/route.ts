import { z } from "zod";
import { decide } from "#app/_server/access/permissions.ts";
import { readReason } from "#app/_server/actions/read-reason.ts";
import { privateJson, refusedOnPage, seeOther, wantsPage } from "#app/_server/answer.ts";
import { errorResponse } from "#app/_server/http-errors.ts";
import { route } from "#app/_server/route.ts";
import { runPath } from "#app/_ui/addresses.ts";
import { cancelRun } from "#grading/runs/cancel-run.ts";
import { createFleetActs } from "#infra/db/runs/fleet-acts.ts";

/** Ends an unfinished run without a result; its student one that waits. */
export const POST = route(
  { permission: "run.cancel", params: z.object({ id: z.string() }), subject: ({ id }) => ({ run: id }) },
  async ({ request, actor, subject, services }) => {
    const { runId } = subject;
    const as = decide("run.view-staff", actor, subject) === "allowed" ? "staff" : "student";
    const result = await cancelRun(
      { store: createFleetActs(services.db), clock: services.clock },
      { runId, userId: actor.userId, as, reason: await readReason(request) },
    );
    if (result.outcome === "refused") {
      const { code, message } = result;
      return refusedOnPage(request, code, runPath(runId)) ?? errorResponse({ status: 409, code, message });
    }
    if (wantsPage(request)) return seeOther(runPath(runId));
    return privateJson({ run: { id: runId, state: "cancelled" } });
  },
);
