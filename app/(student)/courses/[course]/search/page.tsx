import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { requirePage } from "#app/_server/page.ts";
import { findCourse } from "#app/_server/queries/course/course-page.ts";
import { searchCourse } from "#app/_server/queries/course/course-search.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { coursePath } from "#app/_ui/addresses.ts";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { SearchResults } from "#app/_ui/search/search-results.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";

interface Props {
  params: Promise<{ course: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Without the one character that no text of the database holds. */
const text = z
  .string()
  .max(200)
  .refine((query) => !query.includes("\0"));
const asked = z.object({ q: text.catch("") });

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug } = await params;
  const { services } = await requirePage("course.view", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  return { title: pageTitle("Search", course) };
}

export default async function SearchPage({ params, searchParams }: Props) {
  const { course: slug } = await params;
  const { actor, services } = await requirePage("course.view", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  const { q: query } = asked.parse(await searchParams);
  const results = await searchCourse(services, course, { query, isStaff: reader.isStaff });
  return (
    <Shell reader={reader} course={course} section={null}>
      <PageHead crumbs={[{ label: course.code, href: coursePath(slug) }]} title="Search" />
      <SearchResults course={slug} query={query} results={results} isStaff={reader.isStaff} />
    </Shell>
  );
}
