"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { createNoticeActs } from "#infra/db/notice-acts.ts";
import { action } from "./action.ts";
import { failedForm } from "./form-state.ts";

const input = z.object({ notice: z.string().max(100) });
const subject = ({ notice }: z.output<typeof input>) => ({ notice });

/** Marks a notice as done and goes back to the page, which offers to undo it. */
export const closeNotice = action(
  { permission: "notice.close", input, subject, failed: failedForm },
  async ({ actor, subject: { noticeId }, services: { db, clock } }) => {
    await createNoticeActs(db, clock).close({ noticeId, userId: actor.userId });
    return redirect(`/?done=${noticeId}#notices`);
  },
);

/** Takes back that a notice is done. */
export const reopenNotice = action(
  { permission: "notice.close", input, subject, failed: failedForm },
  async ({ actor, subject: { noticeId }, services: { db, clock } }) => {
    await createNoticeActs(db, clock).reopen({ noticeId, userId: actor.userId });
    return redirect("/#notices");
  },
);
