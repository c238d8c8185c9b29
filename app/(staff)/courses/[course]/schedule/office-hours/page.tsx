import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requirePage } from "#app/_server/page.ts";
import { findCourse } from "#app/_server/queries/course/course-page.ts";
import { readEditedHours } from "#app/_server/queries/course/edits/edited-hours.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { coursePath, schedulePath } from "#app/_ui/addresses.ts";
import { News } from "#app/_ui/page/news.tsx";
import { Notice } from "#app/_ui/page/notice.tsx";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { WidgetShell } from "#app/_ui/shell/widget-shell.tsx";
import { EditOfficeHours } from "#app/_ui/staff/edits/edit-hours.tsx";
import { editNews } from "#app/_ui/staff/edits/edit-news.ts";
import classes from "#app/_ui/staff/edits/edits.module.css";

interface Props {
  params: Promise<{ course: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug } = await params;
  const { services } = await requirePage("office-hours.change", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  return { title: pageTitle("Change office hours", course) };
}

export default async function OfficeHoursPage({ params, searchParams }: Props) {
  const { course: slug } = await params;
  const { actor, services, subject } = await requirePage("office-hours.change", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  const all = await readEditedHours(services, subject.courseId);
  const { done, change } = await searchParams;
  const news = editNews.officeHours(done);
  return (
    <WidgetShell reader={reader} course={course} section="schedule">
      <PageHead
        crumbs={[
          { label: course.code, href: coursePath(slug) },
          { label: "Schedule", href: schedulePath(slug) },
        ]}
        title="Change office hours"
        state={<span>Times are on the clock of {course.timeZone}. Everybody in the course sees them.</span>}
      />
      {news === null ? null : (
        <News key={`${done}`} className={classes.news} parameter="done">
          <Notice tone="ok" announce>
            {news}
          </Notice>
        </News>
      )}
      <EditOfficeHours
        course={course}
        all={all}
        chosen={typeof change === "string" ? change : null}
        zones={{ reader: reader.zone, course: course.timeZone }}
      />
    </WidgetShell>
  );
}
