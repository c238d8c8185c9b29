import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { requirePage } from "#app/_server/page.ts";
import { findCourse } from "#app/_server/queries/course/course-page.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readPresentations } from "#app/_server/queries/course/presentations.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { coursePath, talkPlanPath } from "#app/_ui/addresses.ts";
import { LinkButton } from "#app/_ui/page/links.tsx";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { EmptyState, Panel } from "#app/_ui/page/panel.tsx";
import { PresentationsPageView, talkNews } from "#app/_ui/presentations/presentations-view.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";

interface Props {
  params: Promise<{ course: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const known = Object.keys(talkNews) as (keyof typeof talkNews)[];
const request = z.object({ done: z.enum(known).optional().catch(undefined) });

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug } = await params;
  const { services } = await requirePage("course.view", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  return { title: pageTitle("Presentations", course) };
}

export default async function PresentationsPage({ params, searchParams }: Props) {
  const { course: slug } = await params;
  const { actor, services } = await requirePage("course.view", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  const { done = null } = request.parse(await searchParams);
  const view = await readPresentations(services, course, actor.userId);
  return (
    <Shell reader={reader} course={course} section="presentations">
      <PageHead
        crumbs={[{ label: course.code, href: coursePath(slug) }]}
        title="Presentations"
        state={<span>times are those of {course.timeZone}</span>}
        actions={
          reader.isStaff && view ? (
            <LinkButton href={talkPlanPath(slug)}>Proposals and plan</LinkButton>
          ) : null
        }
      />
      {view === null ? (
        <Panel title="Presentations" flush>
          <EmptyState title="No presentations.">
            They show up here once the course has an assignment of that kind.
          </EmptyState>
        </Panel>
      ) : (
        <PresentationsPageView
          {...{ course: slug, view, zone: course.timeZone, isStaff: reader.isStaff, done }}
          now={services.clock()}
        />
      )}
    </Shell>
  );
}
