import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requirePage } from "#app/_server/page.ts";
import { findCourse } from "#app/_server/queries/course/course-page.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { findSurvey } from "#app/_server/queries/surveys/survey-to-answer.ts";
import { coursePath, surveyNumber, surveyResultsPath, surveysPath } from "#app/_ui/addresses.ts";
import { LinkButton } from "#app/_ui/page/links.tsx";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";
import { SurveyHead } from "#app/_ui/surveys/answer/survey-head.tsx";
import { SurveyPage } from "#app/_ui/surveys/answer/survey-page.tsx";

interface Props {
  params: Promise<{ course: string; number: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug, number } = await params;
  const { services } = await requirePage("course.view", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  return { title: pageTitle(`Survey of class ${surveyNumber(number) ?? notFound()}`, course) };
}

export default async function AnswerSurveyPage({ params }: Props) {
  const { course: slug, number } = await params;
  const { actor, services, subject } = await requirePage("course.view", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  const classNumber = surveyNumber(number) ?? notFound();
  const found = (await findSurvey(services, subject.courseId, classNumber, actor.userId)) ?? notFound();
  const zones = { reader: reader.zone, course: course.timeZone };
  return (
    <Shell reader={reader} course={course} section="surveys">
      <PageHead
        crumbs={[
          { label: course.code, href: coursePath(slug) },
          { label: "Surveys", href: surveysPath(slug) },
        ]}
        title={`Survey of class ${classNumber}: ${found.one.title}`}
        state={<SurveyHead found={found} zones={zones} now={services.clock()} />}
        actions={
          reader.isStaff ? (
            <LinkButton href={surveyResultsPath(slug, classNumber)} variant="default">
              Results
            </LinkButton>
          ) : null
        }
      />
      <SurveyPage found={found} course={slug} person={actor.userId} isStaff={reader.isStaff} />
    </Shell>
  );
}
