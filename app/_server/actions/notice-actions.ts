"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { createNoticeActs } from "#infra/db/notices/notice-acts.ts";
import { noticesAnchor } from "../../_ui/notices/notices-anchor.ts";
import { action } from "./action.ts";
import { failedForm } from "./form-state.ts";

const input = z.object({ notice: z.string().max(100) });
const subject = ({ notice }: z.output<typeof input>) => ({ notice });

/** Marks a notice as done and goes back to the page, which offers to undo it. */
export const closeNotice = action(
  { permission: "notice.close", input, subject, failed: failedForm },
  async ({ actor, subject: { noticeId, courseId }, services: { db, clock } }) => {
    await createNoticeActs(db, clock).close({ noticeId, userId: actor.userId });
    return goBack("done", noticeId, courseId);
  },
);

/** Takes back that a notice is done. */
export const reopenNotice = action(
  { permission: "notice.close", input, subject, failed: failedForm },
  async ({ actor, subject: { noticeId, courseId }, services: { db, clock } }) => {
    await createNoticeActs(db, clock).reopen({ noticeId, userId: actor.userId });
    return goBack("opened", noticeId, courseId);
  },
);

/**
 * To the panel of the notice, with the news. An address that differs from the page's own by its fragment alone would
 * draw nothing again.
 */
function goBack(news: "done" | "opened", noticeId: string, courseId: string | null): never {
  revalidatePath("/");
  return redirect(`/?${news}=${noticeId}#${noticesAnchor(courseId)}`);
}
