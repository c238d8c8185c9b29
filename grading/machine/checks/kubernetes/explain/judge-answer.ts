import type { Part } from "../../kit/credit/share-credit.ts";
import { quoteOutput } from "../../kit/words/quote-output.ts";
import { compareAnswer } from "./compare-answer.ts";
import type { Fact } from "./compute-fact.ts";
import type { Question } from "./question-settings.ts";

/** One question as a part of the verdict. What is told names the question and what was answered, never what is right. */
export function judgeAnswer(
  question: Question,
  fact: Exclude<Fact, { outcome: "unaskable" }>,
  given: string | string[] | undefined,
  file: string,
): Part {
  const expected = `Question ${question.id}: ${question.ask.replace(/\.$/, "")}`;
  const wrong = (happened: string, fix: string): Part => ({ expected, problem: { happened, fix } });
  if (fact.outcome === "missing") return wrong(`Question ${question.id}: ${fact.happened}`, fact.fix);
  const answer = quoteOutput(Array.isArray(given) ? given.join(", ") : (given ?? ""));
  const look = `Question ${question.id}: ${question.hint ?? "look at your objects in a cluster again, and correct the answer."}`;
  if (question.fact === "choice" && given !== undefined && !isOption(question.options, given))
    return wrong(
      `Question ${question.id} is answered with ${answer}, which is none of ${Object.keys(question.options).join(", ")}.`,
      look,
    );
  const compared = compareAnswer(given, fact.right);
  switch (compared.outcome) {
    case "right":
      return { expected, problem: null };
    case "empty":
      return wrong(
        `Question ${question.id} has no answer in ${file}.`,
        `Write a line “${question.id}: your answer” into ${file}.`,
      );
    case "malformed":
      return wrong(`Question ${question.id} is answered with ${answer}; it wants ${compared.wanted}.`, look);
    case "wrong":
      return wrong(`Question ${question.id} is answered with ${answer}, which is not so.`, look);
  }
}

const isOption = (options: Record<string, string>, given: string | string[]) =>
  [given]
    .flat()
    .every(
      (text) =>
        text.trim() === "" ||
        Object.keys(options).some(
          (option) => compareAnswer(text, { form: "text", values: [option] }).outcome === "right",
        ),
    );
