import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requirePage } from "#app/_server/page.ts";
import { findCourse } from "#app/_server/queries/course/course-page.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { readPlannedQuestions } from "#app/_server/queries/surveys/planned-questions.ts";
import { coursePath, surveysPath } from "#app/_ui/addresses.ts";
import { News } from "#app/_ui/page/news.tsx";
import { Notice } from "#app/_ui/page/notice.tsx";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { Panel } from "#app/_ui/page/panel.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";
import { QuestionsForm } from "#app/_ui/surveys/staff/questions-form.tsx";

interface Props {
  params: Promise<{ course: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug } = await params;
  const { services } = await requirePage("survey.manage", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  return { title: pageTitle("Questions of surveys", course) };
}

export default async function SurveyQuestionsPage({ params, searchParams }: Props) {
  const { course: slug } = await params;
  const { actor, services, subject } = await requirePage("survey.manage", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  const questions = await readPlannedQuestions(services, subject.courseId);
  return (
    <Shell reader={reader} course={course} section="surveys">
      <PageHead
        crumbs={[
          { label: course.code, href: coursePath(slug) },
          { label: "Surveys", href: surveysPath(slug) },
        ]}
        title="Questions of surveys to come"
        state={<span>surveys that have opened keep what they asked</span>}
      />
      {(await searchParams).done === "saved" ? (
        <News parameter="done">
          <Notice tone="ok">Saved: surveys that open from now on ask this.</Notice>
        </News>
      ) : null}
      <Panel title="Questions">
        <QuestionsForm key={JSON.stringify(questions)} course={slug} questions={questions} />
      </Panel>
    </Shell>
  );
}
