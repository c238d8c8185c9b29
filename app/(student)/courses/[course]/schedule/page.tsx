import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requirePage } from "#app/_server/page.ts";
import { findCourse, listAssignments } from "#app/_server/queries/course/course-page.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readSchedule } from "#app/_server/queries/course/schedule.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { calendarPath, coursePath, officeHoursPath } from "#app/_ui/addresses.ts";
import { TextLink } from "#app/_ui/page/links.tsx";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { EmptyState, Panel } from "#app/_ui/page/panel.tsx";
import { OfficeHours } from "#app/_ui/schedule/office-hours.tsx";
import { ScheduleWeeks } from "#app/_ui/schedule/schedule-weeks.tsx";
import { WeekGlance } from "#app/_ui/schedule/week-glance.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";

interface Props {
  params: Promise<{ course: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug } = await params;
  const { services } = await requirePage("course.view", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  return { title: pageTitle("Schedule", course) };
}

export default async function SchedulePage({ params }: Props) {
  const { course: slug } = await params;
  const { actor, services } = await requirePage("course.view", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  const [schedule, assignments] = await Promise.all([
    readSchedule(services, course),
    listAssignments(services, course, { ...reader, userId: actor.userId, locked: true }),
  ]);
  const zones = { reader: reader.zone, course: course.timeZone };
  const now = services.clock();
  return (
    <Shell reader={reader} course={course} section="schedule">
      <PageHead
        crumbs={[{ label: course.code, href: coursePath(slug) }]}
        title="Schedule"
        state={
          <span>
            {course.term} · times of classes are those of {course.timeZone}
          </span>
        }
        actions={<TextLink href={calendarPath(slug)}>In your own calendar</TextLink>}
      />
      {schedule.classes.length === 0 ? (
        <Panel title="Classes" flush>
          <EmptyState title="No classes yet.">They show up here once the course has a schedule.</EmptyState>
        </Panel>
      ) : (
        <>
          <WeekGlance {...{ course: slug, schedule, assignments, zones, now }} />
          <ScheduleWeeks {...{ course: slug, schedule, assignments, zones, now, isStaff: reader.isStaff }} />
        </>
      )}
      <Panel
        title="Office hours"
        aside={
          reader.isStaff ? <TextLink href={officeHoursPath(slug)}>Change office hours</TextLink> : undefined
        }
      >
        <OfficeHours schedule={schedule} zones={zones} now={now} />
      </Panel>
    </Shell>
  );
}
