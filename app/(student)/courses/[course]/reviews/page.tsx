import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { requirePage } from "#app/_server/page.ts";
import { findCourse } from "#app/_server/queries/course/course-page.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readReviews } from "#app/_server/queries/course/reviews.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { coursePath } from "#app/_ui/addresses.ts";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { EmptyState, Panel } from "#app/_ui/page/panel.tsx";
import { ReviewsPageView, reviewNews } from "#app/_ui/reviews/reviews-view.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";

interface Props {
  params: Promise<{ course: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const known = Object.keys(reviewNews) as (keyof typeof reviewNews)[];
const request = z.object({ done: z.enum(known).nullable().default(null).catch(null) });

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug } = await params;
  const { services } = await requirePage("course.view", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  return { title: pageTitle("Peer reviews", course) };
}

export default async function ReviewsPage({ params, searchParams }: Props) {
  const { course: slug } = await params;
  const { actor, services } = await requirePage("course.view", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  const { done } = request.parse(await searchParams);
  const view = await readReviews(services, course.id, { userId: actor.userId, isStaff: reader.isStaff });
  return (
    <Shell reader={reader} course={course} section="reviews">
      <PageHead
        crumbs={[{ label: course.code, href: coursePath(slug) }]}
        title="Peer reviews"
        state={view ? <span>of presentations; teams read them without names</span> : null}
      />
      {view === null ? (
        <Panel title="Peer reviews" flush>
          <EmptyState title="No reviews.">
            They show up here once an assignment of the course has them.
          </EmptyState>
        </Panel>
      ) : (
        <ReviewsPageView course={slug} view={view} done={done} />
      )}
    </Shell>
  );
}
