import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { requirePage } from "#app/_server/page.ts";
import {
  type AssignmentLine,
  findAssignmentTitle,
  findCourse,
  listAssignments,
} from "#app/_server/queries/course/course-page.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { findTeamPanel } from "#app/_server/queries/course/team-panel.ts";
import { findPages, readTutorial } from "#app/_server/queries/course/tutorial.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { deadlinesPath, exercisePath, teamsPath } from "#app/_ui/addresses.ts";
import { AssignmentPlain } from "#app/_ui/course/assignment-plain.tsx";
import { LinkButton } from "#app/_ui/page/links.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";
import { TeamPanel } from "#app/_ui/teams/team-panel.tsx";
import { TutorialPage } from "#app/_ui/tutorial/tutorial-page.tsx";
import type { TutorialExercise } from "#app/_ui/tutorial/tutorial-parts.tsx";

interface Props {
  params: Promise<{ course: string; assignment: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const word = z
  .string()
  .regex(/^[\w-]{1,60}$/)
  .nullable()
  .catch(null);
/** What the address says of an act about the reader's team, and of whom. */
const teamNews = z.object({ team: word, about: word, leave: z.literal("1").optional().catch(undefined) });

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const refs = await params;
  const { services, subject } = await requirePage("assignment.view", refs);
  const course = (await findCourse(services, refs.course)) ?? notFound();
  const title = await findAssignmentTitle(services, subject.assignmentId);
  return { title: pageTitle(title, course) };
}

export default async function AssignmentPage({ params, searchParams }: Props) {
  const { course: courseSlug, assignment: assignmentSlug } = await params;
  const { actor, services, subject } = await requirePage("assignment.view", {
    course: courseSlug,
    assignment: assignmentSlug,
  });
  const course = (await findCourse(services, courseSlug)) ?? notFound();
  const reader = await readReader(actor, course);
  const lines = await listAssignments(services, course, { ...reader, userId: actor.userId });
  const line = lines.find((one) => one.slug === assignmentSlug) ?? notFound();
  const { page, around } = await findPages(services, course, line.slug, lines);
  const tutorial = page === null ? null : await readTutorial(services.config.contentDir, courseSlug, page);
  const news = teamNews.parse(await searchParams);
  const view =
    line.inTeams && !reader.isStaff
      ? await findTeamPanel(services, subject.assignmentId, { userId: actor.userId, about: news.about })
      : null;
  const shared = {
    line,
    team: view ? (
      <TeamPanel
        {...{ view, course: courseSlug, assignment: line, userId: actor.userId }}
        news={{ team: news.team, leave: news.leave === "1" }}
      />
    ) : null,
    exercises: tutorialExercises(courseSlug, line),
    nowIso: services.clock().toISOString(),
    staffLinks: reader.isStaff ? <StaffLinks course={courseSlug} line={line} /> : null,
  };
  return (
    <Shell reader={reader} course={course} section="assignments">
      {tutorial ? (
        <TutorialPage {...shared} tutorial={tutorial} around={around} />
      ) : (
        <AssignmentPlain {...shared} course={course} pageMissing={page !== null} />
      )}
    </Shell>
  );
}

/** Where staff manage the assignment. */
function StaffLinks({ course, line: { slug, inTeams } }: { course: string; line: AssignmentLine }) {
  return (
    <>
      <LinkButton href={deadlinesPath(course, slug)} size="compact-sm" variant="default">
        Deadline and extensions
      </LinkButton>
      {inTeams ? (
        <LinkButton href={teamsPath(course, slug)} size="compact-sm" variant="default">
          Teams
        </LinkButton>
      ) : null}
    </>
  );
}

function tutorialExercises(course: string, line: AssignmentLine): TutorialExercise[] {
  return line.exercises.map((exercise) => {
    const counted = exercise.attempts.find((attempt) => attempt.counts);
    return {
      slug: exercise.slug,
      title: exercise.title,
      href: exercisePath(course, line.slug, exercise.slug),
      maxPoints: exercise.maxPoints,
      share: exercise.share,
      attempts: exercise.attempts.length,
      points: counted?.points ?? null,
      worth: counted?.worth ?? null,
      score: counted?.run?.score ?? null,
      maxScore: counted?.run?.maxScore ?? null,
    };
  });
}
