"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { surveyQuestionsPath, surveyResultsPath } from "#app/_ui/addresses.ts";
import { AppError } from "#course/errors.ts";
import { createFeedbackActs, type FeedbackOutcome } from "#infra/db/surveys/feedback-acts.ts";
import { openDueSurveys } from "#infra/db/surveys/open-survey.ts";
import type { Services } from "../services.ts";
import { action } from "./action.ts";
import { type FormState, failedForm } from "./form-state.ts";
import { readPlanForm } from "./survey-plan-form.ts";

const text = z.string().max(20_000);
const survey = { course: text, number: z.coerce.number().int().min(1).max(200) };
const subject = ({ course }: { course: string }) => ({ course });

/** What is done with the feedback of one survey; the button that was pressed says what. */
export const changeFeedback = action(
  {
    permission: "survey.manage",
    input: z.object({
      ...survey,
      act: z.enum(["pick", "add", "save", "remove", "publish", "take-back"]),
      id: z.string().max(100).default(""),
      question: text.default(""),
      answer: text.default(""),
    }),
    subject,
    failed: failedForm,
  },
  async ({ input, subject: { courseId }, services }) => {
    const surveyId = await findSurveyId(services, courseId, input.number);
    const outcome = await act(services, surveyId, input);
    const { question, answer } = input;
    if (outcome.outcome === "refused") return stays(outcome.message, { question, answer });
    return redirect(`${surveyResultsPath(input.course, input.number)}?done=${input.act}#feedback`);
  },
);

/** What the surveys ask that open from now on; those that are open already are asked as they are. */
export const changeQuestions = action(
  { permission: "survey.manage", input: z.looseObject({ course: text }), subject, failed: failedForm },
  async ({ input, actor, subject: { courseId }, services }) => {
    await openDueSurveys(services, courseId);
    const written = readPlanForm(input);
    const acts = createFeedbackActs(services.db, services.clock);
    const outcome = await acts.plan({ courseId, written, by: actor.userId });
    if (outcome.outcome === "refused") {
      const typed = Object.entries(input).filter(
        (entry): entry is [string, string] => typeof entry[1] === "string",
      );
      return stays(outcome.message, Object.fromEntries(typed));
    }
    return redirect(`${surveyQuestionsPath(input.course)}?done=saved`);
  },
);

const stays = (error: string, typed: Record<string, string>): FormState => ({ error, problems: {}, typed });

async function findSurveyId({ db }: Services, courseId: string, classNumber: number): Promise<string> {
  const where = { courseId_classNumber: { courseId, classNumber } };
  const found = await db.survey.findUnique({ where, select: { id: true } });
  if (found) return found.id;
  throw new AppError({
    code: "not-found",
    userMessage: "This class has no survey that was open: load the page anew.",
  });
}

type Input = { act: string; id: string; question: string; answer: string };

function act({ db, clock }: Services, surveyId: string, input: Input): Promise<FeedbackOutcome> {
  const acts = createFeedbackActs(db, clock);
  const { id, question, answer } = input;
  if (input.act === "pick") return acts.pick({ surveyId, answerId: id });
  if (input.act === "add") return acts.add({ surveyId, question });
  if (input.act === "save") return acts.save({ surveyId, id, question, answer });
  if (input.act === "remove") return acts.remove({ surveyId, id });
  return acts.publish({ surveyId, wanted: input.act === "publish" });
}
