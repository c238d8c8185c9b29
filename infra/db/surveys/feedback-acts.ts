import type { Clock } from "#course/clock.ts";
import { newId } from "#course/ids.ts";
import { type Question, readQuestions, storedQuestions } from "#course/surveys/questions.ts";
import { mayShow } from "#course/surveys/summarize.ts";
import type { Db } from "../connection/client.ts";

/** Of a question as shown in class, and of its answer. */
export const longestFeedback = 4000;

export type FeedbackOutcome = { outcome: "done" } | { outcome: "refused"; message: string };

const done = { outcome: "done" } as const;
const refused = (message: string) => ({ outcome: "refused" as const, message });

/** What staff do with what was answered, and with what is asked next. Each is one transaction. */
export function createFeedbackActs(db: Db, clock: Clock) {
  return {
    /** Puts what a student wrote at the end of the feedback, where its wording can be changed. */
    async pick(of: { surveyId: string; answerId: string }): Promise<FeedbackOutcome> {
      const known = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(of.answerId);
      const found = known
        ? await db.surveyAnswer.findFirst({
            where: { id: of.answerId, text: { not: null }, key: { surveyId: of.surveyId } },
            select: { text: true, key: { select: { answers: true } } },
          })
        : null;
      if (!found?.text || !mayShow(found.key)) {
        return refused("This is not there any more under this name: load the page anew and pick it again.");
      }
      await add(db, clock, of.surveyId, found.text);
      return done;
    },
    /** A question that nobody has to have written. */
    async add(of: { surveyId: string; question: string }): Promise<FeedbackOutcome> {
      const problem = problemOf(of.question, "");
      if (problem) return refused(problem);
      await add(db, clock, of.surveyId, of.question.trim());
      return done;
    },
    async save(of: {
      surveyId: string;
      id: string;
      question: string;
      answer: string;
    }): Promise<FeedbackOutcome> {
      const { surveyId, id, question, answer } = of;
      const problem = problemOf(question, answer);
      if (problem) return refused(problem);
      const { count } = await db.surveyFeedback.updateMany({
        where: { id, surveyId },
        data: { question: question.trim(), answer: answer.trim() },
      });
      return count === 1
        ? done
        : refused("This question was removed meanwhile: add it again if it is wanted.");
    },
    async remove({ surveyId, id }: { surveyId: string; id: string }): Promise<FeedbackOutcome> {
      await db.surveyFeedback.deleteMany({ where: { id, surveyId } });
      return done;
    },
    /** Shows it to the whole course as the next class's "Feedback from last class", or takes it back. */
    async publish({ surveyId, wanted }: { surveyId: string; wanted: boolean }): Promise<FeedbackOutcome> {
      const publishedAt = wanted ? clock() : null;
      await db.survey.update({ where: { id: surveyId }, data: { publishedAt } });
      return done;
    },
    /** What the surveys ask that open from now on. Credit may change by it, so it is audited. */
    async plan(of: { courseId: string; written: unknown; by: string }): Promise<FeedbackOutcome> {
      const { courseId, written, by } = of;
      return db.$transaction(async (tx) => {
        await tx.$executeRaw`SELECT 1 FROM course WHERE id = ${courseId} FOR NO KEY UPDATE`;
        const asked = await tx.survey.findMany({ where: { courseId }, select: { questions: true } });
        const read = readQuestions(written, asked.flatMap(questionsOf));
        if (read.outcome === "refused") return read;
        const old = await tx.surveyPlan.findUnique({ where: { courseId } });
        const questions = storedQuestions.write(read.questions);
        await tx.surveyPlan.upsert({
          where: { courseId },
          create: { courseId, questions },
          update: { questions },
        });
        const now = clock();
        await tx.auditEntry.create({
          data: {
            ...{ id: newId("aud", now), at: now, userId: by, action: "survey.questions-changed" },
            subject: `course:${courseId}`,
            ...(old && { before: { questions: old.questions } }),
            after: { questions },
            reason: "Questions of the surveys to come.",
          },
        });
        return done;
      });
    },
  };
}

const questionsOf = ({ questions }: { questions: unknown }): Question[] => {
  const read = storedQuestions.read(questions);
  return read.outcome === "read" ? read.value : [];
};

async function add(db: Db, clock: Clock, surveyId: string, question: string) {
  const last = await db.surveyFeedback.aggregate({ where: { surveyId }, _max: { position: true } });
  const position = (last._max.position ?? 0) + 1;
  await db.surveyFeedback.create({
    data: { id: newId("svf", clock()), surveyId, position, question, answer: "" },
  });
}

function problemOf(question: string, answer: string): string | null {
  if (question.trim() === "") return "The question has no words: write them, or remove it.";
  if (question.length > longestFeedback)
    return `The question has ${question.length} characters: shorten it to ${longestFeedback}.`;
  if (answer.length > longestFeedback)
    return `The answer has ${answer.length} characters: shorten it to ${longestFeedback}.`;
  return null;
}
