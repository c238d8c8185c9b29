import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requirePage } from "#app/_server/page.ts";
import { findCourse, listAssignments } from "#app/_server/queries/course/course-page.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { AssignmentsTable } from "#app/_ui/course/assignments-table.tsx";
import { LinkButton } from "#app/_ui/page/links.tsx";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { EmptyState, Panel } from "#app/_ui/page/panel.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";

interface Props {
  params: Promise<{ course: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug } = await params;
  const { services } = await requirePage("course.view", { course: slug });
  return { title: (await findCourse(services, slug))?.title };
}

export default async function CoursePage({ params }: Props) {
  const { course: slug } = await params;
  const { actor, services } = await requirePage("course.view", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  const assignments = await listAssignments(services, course, { ...reader, userId: actor.userId });
  return (
    <Shell reader={reader} course={course} section="course">
      <PageHead
        title={course.title}
        state={
          <span>
            {course.term} · course zone {course.timeZone}
          </span>
        }
        actions={
          <LinkButton href={`/courses/${slug}/submissions`} variant="default">
            My submissions
          </LinkButton>
        }
      />
      <Panel title="Assignments" flush>
        {assignments.length === 0 ? (
          <EmptyState title="No assignment yet.">
            Assignments show up here when the course's staff release them.
          </EmptyState>
        ) : (
          <AssignmentsTable course={slug} assignments={assignments} nowIso={services.clock().toISOString()} />
        )}
      </Panel>
    </Shell>
  );
}
