import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requirePage } from "#app/_server/page.ts";
import { findCourse } from "#app/_server/queries/course/course-page.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { readSettledResults } from "#app/_server/queries/surveys/settled-results.ts";
import { readFeedback } from "#app/_server/queries/surveys/survey-feedback.ts";
import { readTexts } from "#app/_server/queries/surveys/survey-results.ts";
import { findSurvey } from "#app/_server/queries/surveys/survey-to-answer.ts";
import { coursePath, surveyNumber, surveyPath, surveysPath } from "#app/_ui/addresses.ts";
import { LinkButton } from "#app/_ui/page/links.tsx";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";
import { RatesLine } from "#app/_ui/surveys/rates.tsx";
import { SurveyResults } from "#app/_ui/surveys/staff/survey-results.tsx";

interface Props {
  params: Promise<{ course: string; number: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug, number } = await params;
  const { services } = await requirePage("survey.manage", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  return { title: pageTitle(`Results of the survey of class ${number}`, course) };
}

export default async function SurveyResultsPage({ params, searchParams }: Props) {
  const { course: slug, number } = await params;
  const { actor, services } = await requirePage("survey.manage", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  // Opens it where no worker has yet.
  await findSurvey(services, course.id, surveyNumber(number) ?? notFound(), actor.userId);
  const results = await readSettledResults(services, course);
  const result = results.find((one) => String(one.number) === number) ?? notFound();
  const [texts, items] = await Promise.all([
    readTexts(services, result.surveyId),
    readFeedback(services, result.surveyId),
  ]);
  return (
    <Shell reader={reader} course={course} section="surveys" wide>
      <PageHead
        crumbs={[
          { label: course.code, href: coursePath(slug) },
          { label: "Surveys", href: surveysPath(slug) },
        ]}
        title={`Results of class ${result.number}: ${result.title}`}
        state={<RatesLine rates={result.rates} />}
        actions={
          <LinkButton href={surveyPath(slug, result.number)} variant="default">
            What was asked
          </LinkButton>
        }
      />
      <SurveyResults
        {...{ result, texts, items, course: slug, now: services.clock() }}
        done={String((await searchParams).done)}
        zones={{ reader: reader.zone, course: course.timeZone }}
      />
    </Shell>
  );
}
