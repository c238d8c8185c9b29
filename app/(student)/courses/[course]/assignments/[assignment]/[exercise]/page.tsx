import { randomUUID } from "node:crypto";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { requirePage } from "#app/_server/page.ts";
import { findCourse } from "#app/_server/queries/course/course-page.ts";
import { findExercisePage } from "#app/_server/queries/course/exercise-page.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { refusedSentence } from "#app/_server/refused-words.ts";
import { ExerciseView } from "#app/_ui/course/exercise-view.tsx";
import { RefusedNews } from "#app/_ui/page/refused-news.tsx";
import { WidgetShell } from "#app/_ui/shell/widget-shell.tsx";

interface Props {
  params: Promise<{ course: string; assignment: string; exercise: string }>;
  searchParams: Promise<{ refusal?: string | string[]; refused?: string | string[] }>;
}

/** Read once a request, for the title and for the page itself. */
const readExercise = cache(async (courseSlug: string, assignment: string, exercise: string) => {
  const refs = { course: courseSlug, assignment, exercise };
  const { actor, services, subject } = await requirePage("exercise.view", refs);
  const course = (await findCourse(services, courseSlug)) ?? notFound();
  const reader = await readReader(actor, course);
  const view = await findExercisePage(services, subject.exerciseId, {
    userId: actor.userId,
    zone: reader.zone,
    courseZone: course.timeZone,
  });
  return { course, reader, view };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const refs = await params;
  const { course, view } = await readExercise(refs.course, refs.assignment, refs.exercise);
  return { title: pageTitle(view.title, course) };
}

export default async function ExercisePage({ params, searchParams }: Props) {
  const refs = await params;
  const { refusal, refused } = await searchParams;
  const { actor, services } = await requirePage("exercise.view", refs);
  const { course, reader, view } = await readExercise(refs.course, refs.assignment, refs.exercise);
  return (
    <WidgetShell reader={reader} course={course} section="assignments">
      <RefusedNews sentence={refusedSentence(refused)} />
      <ExerciseView
        view={view}
        course={course}
        path={`${refs.course}/${refs.assignment}/${refs.exercise}`}
        refusal={view.refusals.find((one) => one.id === refusal)?.message ?? null}
        zones={{ reader: reader.zone, course: course.timeZone }}
        nowIso={services.clock().toISOString()}
        formKey={randomUUID()}
        person={actor.userId}
      />
    </WidgetShell>
  );
}
