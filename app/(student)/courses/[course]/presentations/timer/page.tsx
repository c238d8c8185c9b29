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
import { TalkTimer } from "#app/_ui/presentations/talk-timer.tsx";
import { namesOf, sayTalkDay } from "#app/_ui/presentations/talk-words.ts";
import { Shell } from "#app/_ui/shell/shell.tsx";

interface Props {
  params: Promise<{ course: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const request = z.object({ class: z.coerce.number().int().min(1).max(1000).nullable().catch(null) });

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug } = await params;
  const { services } = await requirePage("course.view", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  return { title: pageTitle("Timer for talks", course) };
}

export default async function TalkTimerPage({ params, searchParams }: Props) {
  const { course: slug } = await params;
  const { actor, services } = await requirePage("course.view", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  const view = (await readPresentations(services, course, actor.userId)) ?? notFound();
  const wanted = request.parse(await searchParams).class;
  const now = services.clock().toISOString();
  const day =
    view.days.find(({ number }) => number === wanted) ??
    view.days.find(({ starts }) => (starts.at(-1) ?? "") >= now) ??
    view.days.at(-1) ??
    notFound();
  const talks = view.published || reader.isStaff ? view.talks : [];
  return (
    <Shell reader={reader} course={course} section="presentations">
      <PageHead
        crumbs={[
          { label: course.code, href: coursePath(slug) },
          { label: "Presentations", href: presentationsPath(slug) },
        ]}
        title="Timer for talks"
        state={<span>{sayTalkDay(day, course.timeZone)}</span>}
      />
      <TalkTimer
        minutes={day.minutes}
        talks={talks
          .filter(({ place }) => place?.day === day.day)
          .sort((a, b) => (a.place?.position ?? 0) - (b.place?.position ?? 0))
          .map(({ teamId, title, members }) => ({ id: teamId, title, who: namesOf(members) }))}
      />
    </Shell>
  );
}
