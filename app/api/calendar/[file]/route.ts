import { z } from "zod";
import { readCalendar } from "#app/_server/queries/course/calendar.ts";
import { route } from "#app/_server/route.ts";
import { AppError } from "#course/errors.ts";

/** Programs that follow a calendar cannot sign in: who has the private address may read it. */
export const GET = route(
  { permission: "site.view", params: z.object({ file: z.string().max(200) }) },
  async ({ params, services }) => {
    const feedId = services.calendars.feedOf(params.file);
    const calendar = feedId === null ? null : await readCalendar(services, feedId);
    if (calendar === null) {
      throw new AppError({
        code: "not-found",
        userMessage: "There is no such calendar any more: take its address anew from the course's schedule.",
      });
    }
    return new Response(calendar, {
      headers: {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": 'inline; filename="course.ics"',
        "Cache-Control": "private, max-age=300",
      },
    });
  },
);
