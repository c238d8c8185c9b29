import { creditOf, storedQuestions } from "#course/surveys/questions.ts";
import type { Services } from "../../services.ts";

/**
 * Extra credit for surveys that were completed in time, by person, and what could be had of those that have opened; who
 * completed none has no entry. userId: of this person alone.
 */
export async function readSurveyCredit(
  { db }: Services,
  courseId: string,
  userId?: string,
): Promise<{ possible: number; earned: Map<string, number> }> {
  const rows = await db.survey.findMany({
    where: { courseId },
    select: {
      questions: true,
      completions: {
        where: { late: false, ...(userId === undefined ? {} : { userId }) },
        select: { userId: true },
      },
    },
  });
  const earned = new Map<string, number>();
  let possible = 0;
  for (const { questions, completions } of rows) {
    const read = storedQuestions.read(questions);
    const credit = read.outcome === "read" ? creditOf(read.value) : 0;
    possible += credit;
    for (const one of completions) earned.set(one.userId, (earned.get(one.userId) ?? 0) + credit);
  }
  return { possible, earned };
}
