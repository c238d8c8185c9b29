"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { schedulePath } from "#app/_ui/addresses.ts";
import { markClassObjective } from "#infra/db/course/mark-class-objective.ts";
import { action } from "./action.ts";
import { failedForm, refusedForm } from "./form-state.ts";

/** Marks where a class is in its objectives, or takes the mark away, and goes back to the class. */
export const markObjective = action(
  {
    permission: "schedule.mark",
    input: z.object({
      course: z.string().max(100),
      number: z.coerce.number().int().min(1).max(1_000),
      /** From 0; empty: none. */
      objective: z.literal("").or(z.coerce.number().int().min(0).max(1_000)),
    }),
    subject: ({ course }) => ({ course }),
    failed: failedForm,
  },
  async ({ input: { course, number, objective }, subject: { courseId }, services: { db } }) => {
    const mark = objective === "" ? null : objective;
    const outcome = await markClassObjective(db, { courseId, number, objective: mark });
    if (outcome.outcome === "refused") {
      return refusedForm([{ field: "objective", message: outcome.message }], {});
    }
    // An address that differs from the page's own by its fragment alone would draw nothing again.
    return redirect(`${schedulePath(course)}?marked=${number}.${mark ?? "none"}#class-${number}`);
  },
);
