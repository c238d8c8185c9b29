"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { calendarPath } from "#app/_ui/addresses.ts";
import { endCalendarFeed, renewCalendarFeed } from "#infra/db/course/calendar-feeds.ts";
import { action } from "./action.ts";
import { failedForm } from "./form-state.ts";

const input = z.object({ course: z.string().max(100) });
const subject = ({ course }: z.output<typeof input>) => ({ course });

/** Gives the reader's calendar an address, or another one, and goes back to the page with the news. */
export const renewCalendar = action(
  { permission: "calendar.keep", input, subject, failed: failedForm },
  async ({ input: { course }, actor: { userId }, subject: { courseId }, services: { db, clock } }) => {
    await renewCalendarFeed(db, { courseId, userId }, clock());
    return redirect(`${calendarPath(course)}?done=made`);
  },
);

/** Ends the reader's calendar: its address leads nowhere any more. */
export const endCalendar = action(
  { permission: "calendar.keep", input, subject, failed: failedForm },
  async ({ input: { course }, actor: { userId }, subject: { courseId }, services: { db } }) => {
    await endCalendarFeed(db, { courseId, userId });
    return redirect(`${calendarPath(course)}?done=ended`);
  },
);
