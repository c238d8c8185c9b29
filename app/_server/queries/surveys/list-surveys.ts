import { dayIn } from "#course/catalogue/calendar-days.ts";
import { countsNow, type SurveyState, stateOf } from "#course/surveys/survey-times.ts";
import { surveyClasses } from "#infra/db/surveys/survey-classes.ts";
import type { Services } from "../../services.ts";
import type { CourseView } from "../course/course-page.ts";

export interface SurveyLine {
  number: number;
  title: string;
  /** Of the class, in the course's zone. */
  day: string;
  state: SurveyState;
  opensAt: Date;
  dueAt: Date;
  closesAt: Date;
  /** Completing it now earns its credit. */
  counts: boolean;
  /** By this reader; null: they did not. */
  completed: { late: boolean } | null;
  published: boolean;
}

/** A course's surveys in the order of its classes, as one person stands with them. */
export async function listSurveys(
  { db, clock }: Services,
  course: Pick<CourseView, "id" | "timeZone">,
  userId: string,
): Promise<SurveyLine[]> {
  const now = clock();
  const [classes, rows] = await Promise.all([
    surveyClasses(db, course.id),
    db.survey.findMany({
      where: { courseId: course.id },
      select: {
        ...{ classNumber: true, publishedAt: true },
        completions: { where: { userId }, select: { late: true } },
      },
    }),
  ]);
  return classes.map(({ number, title, startsAt, times }) => {
    const row = rows.find(({ classNumber }) => classNumber === number);
    const state = stateOf(times, now);
    return {
      ...{ number, title, state, ...times },
      day: dayIn(course.timeZone, startsAt),
      counts: state === "open" && countsNow(times, now),
      completed: row?.completions[0] ?? null,
      published: row?.publishedAt != null,
    };
  });
}

/** How many surveys wait for a student: open, not completed, and still worth their credit. */
export async function countWaitingSurveys(
  services: Services,
  course: Pick<CourseView, "id" | "timeZone">,
  userId: string,
): Promise<number> {
  const lines = await listSurveys(services, course, userId);
  return lines.filter(({ counts, completed }) => counts && completed === null).length;
}
