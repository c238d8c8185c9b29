import { z } from "zod";
import { decide } from "#app/_server/access/permissions.ts";
import { readReason } from "#app/_server/actions/read-reason.ts";
import { privateJson, refusedOnPage, seeOther, wantsPage } from "#app/_server/answer.ts";
import { errorResponse } from "#app/_server/http-errors.ts";
import { route } from "#app/_server/route.ts";
import { runPath } from "#app/_ui/addresses.ts";
import { rerunRun } from "#grading/runs/rerun-run.ts";
import { createFleetActs } from "#infra/db/runs/fleet-acts.ts";

/** Grades the run's submission again, by the exercise's current version; 201 with the new run. */
export const POST = route(
  { permission: "run.rerun", params: z.object({ id: z.string() }), subject: ({ id }) => ({ run: id }) },
  async ({ request, actor, subject, services }) => {
    const { runId } = subject;
    const as = decide("run.view-staff", actor, subject) === "allowed" ? "staff" : "student";
    const { db, queue, clock, log } = services;
    const result = await rerunRun(
      {
        store: createFleetActs(db),
        enqueue: (id) => queue.add("grade-run", { runId: id }),
        onEnqueueFailed: (err) => log.warn({ err, runId }, "The queue did not take a rerun; the sweep will."),
        clock,
      },
      { runId, userId: actor.userId, as, reason: await readReason(request) },
    );
    if (result.outcome === "refused") {
      const { code, message } = result;
      return refusedOnPage(request, code, runPath(runId)) ?? errorResponse({ status: 409, code, message });
    }
    if (wantsPage(request)) return seeOther(runPath(result.runId));
    return privateJson({ run: { id: result.runId } }, 201);
  },
);
