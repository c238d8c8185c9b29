"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { staffRunPath } from "#app/_ui/addresses.ts";
import { makeCount } from "#grading/runs/make-count.ts";
import { createFleetActs } from "#infra/db/runs/fleet-acts.ts";
import { action } from "./action.ts";
import { failedForm, refusedForm } from "./form-state.ts";

const text = z.string().max(2_000);

/** Makes another graded run its submission's result and goes back to its page with the news. */
export const letRunCount = action(
  {
    permission: "run.make-count",
    input: z.object({ run: text, reason: text }),
    subject: ({ run }) => ({ run }),
    failed: failedForm,
  },
  async ({ input: { reason }, actor, subject: { runId }, services: { db, clock } }) => {
    const ports = { store: createFleetActs(db), clock };
    const result = await makeCount(ports, { runId, userId: actor.userId, reason });
    if (result.outcome === "refused") {
      const field = result.code === "no-reason" ? "reason" : "run";
      return refusedForm([{ field, message: result.message }], { reason });
    }
    // The page of the run that counted before may be open behind this one.
    revalidatePath("/", "layout");
    return redirect(`${staffRunPath(runId)}?done=counts#result`);
  },
);
