import { z } from "zod";
import { storedKind } from "../stored-json.ts";

const id = z.string().regex(/^[a-z0-9-]{1,40}$/);
const words = z.string().min(1).max(300);
const anchor = z.string().min(1).max(60);

const scaleQuestion = z.strictObject({
  kind: z.literal("scale"),
  id,
  text: words,
  low: anchor,
  middle: anchor,
  high: anchor,
  /** For completing it. */
  points: z.number().min(0).max(10),
});
const textQuestion = z.strictObject({ kind: z.literal("text"), id, text: words });

const question = z.discriminatedUnion("kind", [scaleQuestion, textQuestion]);
export type Question = z.output<typeof question>;
export type ScaleQuestion = z.output<typeof scaleQuestion>;

const mostQuestions = 10;
const list = z.array(question).min(1).max(mostQuestions);

/** Questions of a survey as they were asked, and of those to come; ids are once each. */
export const storedQuestions = storedKind("questions of a survey", list);

/** What is asked after each class while staff have said nothing else. */
export const defaultQuestions: readonly Question[] = [
  {
    ...{ kind: "scale", id: "material", points: 0.5 },
    text: "Was what the class was about new to you?",
    ...{ low: "mostly review to me", middle: "equal new and review", high: "mostly new to me" },
  },
  {
    ...{ kind: "scale", id: "pace", points: 0.5 },
    text: "How was the pace?",
    ...{ low: "slow", middle: "just right", high: "fast" },
  },
  { kind: "text", id: "questions", text: "What would you like to ask the instructor?" },
];

/** What completing a survey with these questions is worth. */
export const creditOf = (questions: readonly Question[]): number =>
  questions.reduce((sum, one) => sum + (one.kind === "scale" ? one.points : 0), 0);

export type QuestionsRead =
  | { outcome: "read"; questions: Question[] }
  | { outcome: "refused"; message: string };

/**
 * Questions as staff wrote them for surveys to come. One that keeps its id is compared with itself over the term, so an
 * id is never given to a question of another kind.
 */
export function readQuestions(written: unknown, before: readonly Question[]): QuestionsRead {
  const refused = (message: string): QuestionsRead => ({ outcome: "refused", message });
  if (Array.isArray(written) && written.length === 0) {
    return refused("A survey needs a question: leave at least one.");
  }
  if (Array.isArray(written) && written.length > mostQuestions) {
    return refused(`A survey has ${mostQuestions} questions at most: leave some out.`);
  }
  const parsed = list.safeParse(written);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const [index, field = "question"] = issue?.path ?? [];
    const which = typeof index === "number" ? `Question ${index + 1}` : "A question";
    return refused(`${which}: ${fieldRules[String(field)] ?? fieldRules.question}`);
  }
  const ids = parsed.data.map((one) => one.id);
  const twice = ids.find((one, index) => ids.indexOf(one) !== index);
  if (twice !== undefined) return refused(`Two questions have the name ${twice}: give each its own.`);
  const other = parsed.data.find((one) => before.some((old) => old.id === one.id && old.kind !== one.kind));
  if (other) return refused(`The question ${other.id} was of another kind before: add a new one instead.`);
  return { outcome: "read", questions: parsed.data };
}

const fieldRules: Record<string, string> = {
  text: "its words are missing or longer than 300 characters; write them in 1 to 300.",
  low: "what 1 means is missing or longer than 60 characters; say it shortly.",
  middle: "what 5 means is missing or longer than 60 characters; say it shortly.",
  high: "what 10 means is missing or longer than 60 characters; say it shortly.",
  points: "its points must be a number from 0 to 10.",
  question: "it is not understood; add it anew.",
};
