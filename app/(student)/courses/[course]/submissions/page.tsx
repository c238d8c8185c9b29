import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requirePage } from "#app/_server/page.ts";
import { findCourse } from "#app/_server/queries/course/course-page.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { listHistory } from "#app/_server/queries/submission/history.ts";
import { coursePath } from "#app/_ui/addresses.ts";
import { AttemptsTable } from "#app/_ui/course/attempts-table.tsx";
import { RefusalsList } from "#app/_ui/course/refusals-list.tsx";
import { plural } from "#app/_ui/format.ts";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { EmptyState, Panel } from "#app/_ui/page/panel.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";

interface Props {
  params: Promise<{ course: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug } = await params;
  const { services } = await requirePage("submission.list-own", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  return { title: pageTitle("My submissions", course) };
}

export default async function HistoryPage({ params }: Props) {
  const { course: slug } = await params;
  const { actor, services, subject } = await requirePage("submission.list-own", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  const { submissions, refusals } = await listHistory(services, subject.courseId, actor.userId);
  const zones = { reader: reader.zone, course: course.timeZone };
  const nowIso = services.clock().toISOString();
  return (
    <Shell reader={reader} course={course} section="submissions">
      <PageHead
        crumbs={[{ label: course.code, href: coursePath(slug) }]}
        title="My submissions"
        state={
          <span>{plural(submissions.length, "submission")}, newest first. Of each exercise one counts.</span>
        }
      />
      <Panel title="Submissions" flush>
        {submissions.length === 0 ? (
          <EmptyState title="Nothing handed in yet.">
            Open an assignment of the course and press Submit; it shows up here with its score.
          </EmptyState>
        ) : (
          <AttemptsTable attempts={submissions} zones={zones} nowIso={nowIso} course={slug} />
        )}
      </Panel>
      {refusals.length > 0 ? (
        <>
          <br />
          <Panel title="Refused uploads">
            <RefusalsList refusals={refusals} zones={zones} nowIso={nowIso} />
          </Panel>
        </>
      ) : null}
    </Shell>
  );
}
