import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requirePage } from "#app/_server/page.ts";
import { listAnnouncements } from "#app/_server/queries/course/announcements.ts";
import { findCourse, listAssignments } from "#app/_server/queries/course/course-page.ts";
import { readSchedule } from "#app/_server/queries/course/schedule.ts";
import { readWaiting } from "#app/_server/queries/course/waiting.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { CourseOverview } from "#app/_ui/course/course-overview.tsx";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";

interface Props {
  params: Promise<{ course: string }>;
}

/** The course page shows so many announcements. */
const newest = 3;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug } = await params;
  const { services } = await requirePage("course.view", { course: slug });
  return { title: (await findCourse(services, slug))?.code };
}

export default async function CoursePage({ params }: Props) {
  const { course: slug } = await params;
  const { actor, services, subject } = await requirePage("course.view", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  const [assignments, waitingIn, schedule, announcements] = await Promise.all([
    listAssignments(services, course, { ...reader, userId: actor.userId }),
    readWaiting(services, actor.userId, [{ ...course, isStudent: !reader.isStaff }]),
    readSchedule(services, course),
    listAnnouncements(services, subject.courseId, { isStaff: reader.isStaff, most: newest }),
  ]);
  const zones = { reader: reader.zone, course: course.timeZone };
  return (
    <Shell reader={reader} course={course} section="course">
      <PageHead
        title={course.title}
        state={
          <span>
            {course.code} · {course.term} · course zone {course.timeZone}
          </span>
        }
      />
      <CourseOverview
        {...{ course: slug, isStaff: reader.isStaff, assignments, schedule, announcements, zones }}
        waiting={waitingIn(course.id)}
        now={services.clock()}
      />
    </Shell>
  );
}
