import { defaultQuestions, type Question, storedQuestions } from "#course/surveys/questions.ts";
import type { Services } from "../../services.ts";

/** What the surveys of a course ask that open from now on. */
export async function readPlannedQuestions({ db }: Services, courseId: string): Promise<Question[]> {
  const plan = await db.surveyPlan.findUnique({ where: { courseId }, select: { questions: true } });
  const read = storedQuestions.read(plan?.questions);
  return read.outcome === "read" ? read.value : [...defaultQuestions];
}
