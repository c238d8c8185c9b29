import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { requirePage } from "#app/_server/page.ts";
import { findCourse } from "#app/_server/queries/course/course-page.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { calendarFilePath, coursePath, schedulePath } from "#app/_ui/addresses.ts";
import { CalendarView } from "#app/_ui/calendar/calendar-view.tsx";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";
import { findCalendarFeed } from "#infra/db/course/calendar-feeds.ts";

interface Props {
  params: Promise<{ course: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const request = z.object({ done: z.enum(["made", "ended"]).optional().catch(undefined) });

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug } = await params;
  const { services } = await requirePage("calendar.keep", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  return { title: pageTitle("Calendar", course) };
}

export default async function CalendarPage({ params, searchParams }: Props) {
  const { course: slug } = await params;
  const { actor, services } = await requirePage("calendar.keep", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  const { done } = request.parse(await searchParams);
  const feedId = await findCalendarFeed(services.db, { courseId: course.id, userId: actor.userId });
  const { baseUrl } = services.config;
  return (
    <Shell reader={reader} course={course} section="schedule">
      <PageHead
        crumbs={[
          { label: course.code, href: coursePath(slug) },
          { label: "Schedule", href: schedulePath(slug) },
        ]}
        title="Calendar"
      />
      <CalendarView
        course={slug}
        address={
          feedId === null ? null : `${baseUrl}${calendarFilePath(services.calendars.fileNameOf(feedId))}`
        }
        done={done ?? null}
      />
    </Shell>
  );
}
