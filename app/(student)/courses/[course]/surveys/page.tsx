import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requirePage } from "#app/_server/page.ts";
import { findCourse } from "#app/_server/queries/course/course-page.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { listSurveys } from "#app/_server/queries/surveys/list-surveys.ts";
import { readSettledResults } from "#app/_server/queries/surveys/settled-results.ts";
import { readSurveyCredit } from "#app/_server/queries/surveys/survey-credit.ts";
import { coursePath } from "#app/_ui/addresses.ts";
import { formatPoints } from "#app/_ui/format.ts";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";
import { KeptSender } from "#app/_ui/surveys/answer/kept-sender.tsx";
import { StaffSurveys } from "#app/_ui/surveys/staff/staff-surveys.tsx";
import { StudentSurveys } from "#app/_ui/surveys/student-surveys.tsx";

interface Props {
  params: Promise<{ course: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug } = await params;
  const { services } = await requirePage("course.view", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  return { title: pageTitle("Surveys", course) };
}

export default async function SurveysPage({ params }: Props) {
  const { course: slug } = await params;
  const { actor, services } = await requirePage("course.view", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  const lines = await listSurveys(services, course, actor.userId);
  const results = reader.isStaff ? await readSettledResults(services, course) : [];
  const { earned, possible } = await readSurveyCredit(services, course.id, actor.userId);
  const shown = { lines, course: slug, now: services.clock() };
  const zones = { reader: reader.zone, course: course.timeZone };
  return (
    <Shell reader={reader} course={course} section="surveys">
      <PageHead
        crumbs={[{ label: course.code, href: coursePath(slug) }]}
        title="Surveys"
        state={
          <>
            <span>one after each class; who answered what, nobody knows</span>
            {reader.isStaff || possible === 0 ? null : (
              <span className="num">
                {formatPoints(earned.get(actor.userId) ?? 0)} of {formatPoints(possible)} points of extra
                credit so far
              </span>
            )}
          </>
        }
      />
      {reader.isStaff ? (
        <StaffSurveys {...shown} zones={zones} results={results} />
      ) : (
        <>
          <KeptSender />
          <StudentSurveys {...shown} zones={zones} />
        </>
      )}
    </Shell>
  );
}
