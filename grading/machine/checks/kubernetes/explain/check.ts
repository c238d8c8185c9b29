import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { judgeParts, type Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext, CheckVerdict } from "../../kit/define-check.ts";
import { defineCheck } from "../../kit/define-check.ts";
import { wrongExercise } from "../kit/wrong-exercise.ts";
import { computeFact, factInWords } from "./compute-fact.ts";
import { judgeAnswer } from "./judge-answer.ts";
import { type Question, questionList } from "./question-settings.ts";
import { readAnswers } from "./read-answers.ts";
import { kubernetesExplain } from "./settings.ts";

export const explainCluster = defineCheck(kubernetesExplain, async (context, settings) => {
  const questions = settings.questions ?? (await readQuestions(context, settings.file ?? ""));
  if ("verdict" in questions) return questions;
  const read = await readAnswers(context.submissionDir, settings.answers);
  if (read.outcome === "refused") return { verdict: "failed", message: read.message };
  const parts: Part[] = [];
  for (const question of questions) {
    const fact = await computeFact(context, question);
    if (fact.outcome === "unaskable")
      return wrongExercise(
        `Question ${question.id} can be answered.`,
        `It makes no sense here: ${fact.why}.`,
      );
    context.staff(`${question.id}: ${factInWords(fact)}`);
    parts.push(judgeAnswer(question, fact, read.answers.get(question.id), settings.answers));
  }
  const unknown = [...read.answers.keys()].filter((id) => !questions.some((question) => question.id === id));
  if (unknown.length > 0)
    context.log(`${settings.answers} answers what is not asked: ${unknown.slice(0, 10).join(", ")}`);
  return judgeParts(
    parts,
    settings.partial,
    context.maxPoints,
    `All ${questions.length} questions are answered right.`,
  );
});

async function readQuestions(context: CheckContext, file: string): Promise<Question[] | CheckVerdict> {
  const parsed = questionList.safeParse(parse(await readFile(path.join(context.hiddenDir, file), "utf8")));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  context.staff(`hidden/${file}: ${issue?.path.join(".")}: ${issue?.message}`);
  return wrongExercise(
    "The exercise's questions can be read.",
    "The exercise's questions are stated wrongly.",
  );
}
