import type { Question } from "./questions.ts";
import { longestText, scaleFrom, scaleTo } from "./scale.ts";

/** One answer to one question. Each is kept by itself, so that nobody's style in one names their others. */
export type Answered = { question: string; scale: number } | { question: string; text: string };

export type AnswersRead = { outcome: "read"; answers: Answered[] } | { outcome: "refused"; message: string };

/** A text may be empty; a scale may not. What is no question of the survey is refused, not passed over. */
export function readAnswers(questions: readonly Question[], sent: Record<string, unknown>): AnswersRead {
  const refused = (message: string): AnswersRead => ({ outcome: "refused", message });
  const unknown = Object.keys(sent).find((name) => !questions.some(({ id }) => id === name));
  if (unknown !== undefined) {
    return refused("An answer is to a question that this survey does not ask: load the page anew.");
  }
  const answers: Answered[] = [];
  for (const { kind, id, text: words } of questions) {
    const value = sent[id];
    if (kind === "scale") {
      if (!isOnScale(value)) {
        return refused(`“${words}” needs a number from ${scaleFrom} to ${scaleTo}: choose one.`);
      }
      answers.push({ question: id, scale: value });
      continue;
    }
    if (value === undefined) continue;
    if (typeof value !== "string" || value.includes("\0")) {
      return refused(`“${words}” takes plain text: write it again.`);
    }
    const text = value.trim();
    if (text.length > longestText) {
      return refused(`The answer to “${words}” has ${text.length} characters: shorten it to ${longestText}.`);
    }
    if (text !== "") answers.push({ question: id, text });
  }
  return { outcome: "read", answers };
}

const isOnScale = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= scaleFrom && value <= scaleTo;
