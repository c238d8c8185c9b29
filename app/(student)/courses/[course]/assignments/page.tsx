import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requirePage } from "#app/_server/page.ts";
import { findCourse, listAssignments } from "#app/_server/queries/course/course-page.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { coursePath } from "#app/_ui/addresses.ts";
import { AssignmentWeeks } from "#app/_ui/course/assignment-weeks.tsx";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { EmptyState, Panel } from "#app/_ui/page/panel.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";

interface Props {
  params: Promise<{ course: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug } = await params;
  const { services } = await requirePage("course.view", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  return { title: pageTitle("Assignments", course) };
}

export default async function AssignmentsPage({ params }: Props) {
  const { course: slug } = await params;
  const { actor, services } = await requirePage("course.view", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  const assignments = await listAssignments(services, course, {
    ...reader,
    userId: actor.userId,
    locked: true,
  });
  return (
    <Shell reader={reader} course={course} section="assignments">
      <PageHead crumbs={[{ label: course.code, href: coursePath(slug) }]} title="Assignments" />
      {assignments.length === 0 ? (
        <Panel title="Assignments" flush>
          <EmptyState title="No assignment yet.">
            Assignments show up here once the course has some.
          </EmptyState>
        </Panel>
      ) : (
        <AssignmentWeeks course={slug} assignments={assignments} now={services.clock()} />
      )}
    </Shell>
  );
}
