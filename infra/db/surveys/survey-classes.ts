import { firstOpenedAt, type SurveyTimes } from "#course/surveys/survey-times.ts";
import type { Db, Tx } from "../connection/client.ts";

export interface SurveyClass {
  number: number;
  title: string;
  startsAt: Date;
  times: SurveyTimes;
  /** When its first answers are opened. */
  firstOpened: Date;
}

/** The classes of a course that have a survey, in order, with its times as the schedule has them now. */
export async function surveyClasses(db: Db | Tx, courseId: string): Promise<SurveyClass[]> {
  const rows = await db.classMeeting.findMany({
    where: { courseId },
    orderBy: { startsAt: "asc" },
    select: {
      ...{ number: true, title: true, startsAt: true, endsAt: true },
      ...{ surveyDueAt: true, surveyClosesAt: true },
    },
  });
  return rows.flatMap(({ number, title, startsAt, endsAt, surveyDueAt, surveyClosesAt }, index) => {
    if (surveyDueAt === null || surveyClosesAt === null) return [];
    const times = { opensAt: endsAt, dueAt: surveyDueAt, closesAt: surveyClosesAt };
    const firstOpened = firstOpenedAt(times, rows[index + 1]?.startsAt ?? null);
    return [{ number, title, startsAt, times, firstOpened }];
  });
}
