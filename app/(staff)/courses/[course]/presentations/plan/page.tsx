import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { requirePage } from "#app/_server/page.ts";
import { findCourse } from "#app/_server/queries/course/course-page.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readPresentations } from "#app/_server/queries/course/presentations.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { coursePath, presentationsPath } from "#app/_ui/addresses.ts";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { StaffTalks, staffTalkNews } from "#app/_ui/presentations/plan/staff-talks.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";

interface Props {
  params: Promise<{ course: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const known = Object.keys(staffTalkNews) as (keyof typeof staffTalkNews)[];
const request = z.object({
  done: z.enum(known).nullable().default(null).catch(null),
  team: z.string().max(100).nullable().default(null).catch(null),
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug } = await params;
  const { services } = await requirePage("talk.plan", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  return { title: pageTitle("Proposals and plan", course) };
}

export default async function TalkPlanPage({ params, searchParams }: Props) {
  const { course: slug } = await params;
  const { actor, services } = await requirePage("talk.plan", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  const view = (await readPresentations(services, course, actor.userId)) ?? notFound();
  return (
    <Shell reader={reader} course={course} section="presentations" wide>
      <PageHead
        crumbs={[
          { label: course.code, href: coursePath(slug) },
          { label: "Presentations", href: presentationsPath(slug) },
        ]}
        title="Proposals and plan"
        state={<span>{view.published ? "The plan is published" : "The plan is not published yet"}</span>}
      />
      <StaffTalks
        {...{ course: slug, view, zone: course.timeZone }}
        news={request.parse(await searchParams)}
      />
    </Shell>
  );
}
