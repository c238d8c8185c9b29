import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { decide } from "#app/_server/access/permissions.ts";
import { requirePage } from "#app/_server/page.ts";
import { findCourse } from "#app/_server/queries/course/course-page.ts";
import { listConflicts } from "#app/_server/queries/course/edits/conflicts.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { coursePath } from "#app/_ui/addresses.ts";
import { plural } from "#app/_ui/format.ts";
import { News } from "#app/_ui/page/news.tsx";
import { Notice } from "#app/_ui/page/notice.tsx";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { EmptyState, Panel } from "#app/_ui/page/panel.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";
import { ConflictList } from "#app/_ui/staff/edits/conflict-list.tsx";
import { editNews } from "#app/_ui/staff/edits/edit-news.ts";
import classes from "#app/_ui/staff/edits/edits.module.css";

interface Props {
  params: Promise<{ course: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug } = await params;
  const { services } = await requirePage("conflict.list", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  return { title: pageTitle("Conflicts of files and edits", course) };
}

export default async function ConflictsPage({ params, searchParams }: Props) {
  const { course: slug } = await params;
  const { actor, services, subject } = await requirePage("conflict.list", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  const list = await listConflicts(services, subject.courseId);
  const { done } = await searchParams;
  const news = editNews.conflict(done);
  const ofDates = { courseId: subject.courseId, conflictId: "", deadline: true };
  return (
    <Shell reader={reader} course={course} section="conflicts" wide>
      <PageHead
        crumbs={[{ label: course.code, href: coursePath(slug) }]}
        title="Conflicts"
        state={
          <span>
            {plural(list.length, "conflict")} between the course’s files and what staff changed here
          </span>
        }
      />
      {news === null ? null : (
        <News key={`${done} ${list.length}`} className={classes.news} parameter="done">
          <Notice tone="ok" announce>
            {news}
          </Notice>
        </News>
      )}
      {list.length === 0 ? (
        <Panel title="Conflicts" flush>
          <EmptyState title="Files and site agree.">
            Where a file of the course changes what staff changed on the site, both show up here side by side.
          </EmptyState>
        </Panel>
      ) : (
        <ConflictList
          course={slug}
          list={list}
          maySettleDates={decide("conflict.settle", actor, ofDates) === "allowed"}
          zones={{ reader: reader.zone, course: course.timeZone }}
        />
      )}
    </Shell>
  );
}
