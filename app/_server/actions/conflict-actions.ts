"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { conflictsPath } from "#app/_ui/addresses.ts";
import { settleConflict } from "#infra/db/course/edits/settle-conflict.ts";
import { action } from "./action.ts";
import { failedForm, untouchedForm } from "./form-state.ts";

const text = z.string().max(2_000);

/** Settles a conflict for the side of the button that was pressed, and goes back to those that are left. */
export const settleConflictFor = action(
  {
    permission: "conflict.settle",
    input: z.object({ course: text, conflict: text, seen: text, side: z.enum(["file", "site"]) }),
    subject: ({ conflict }) => ({ conflict }),
    failed: failedForm,
  },
  async ({ input, actor, subject: { courseId, conflictId }, services: { db, clock } }) => {
    const { course, seen, side } = input;
    const by = actor.userId;
    const outcome = await settleConflict({ db, clock }, { conflictId, courseId, side, seen, by });
    if (outcome.outcome === "refused") return { ...untouchedForm, error: outcome.message };
    const done = outcome.outcome === "over" ? "over" : side;
    return redirect(`${conflictsPath(course)}?done=${done}`);
  },
);
