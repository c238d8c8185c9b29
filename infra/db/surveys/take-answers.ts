import { createHash } from "node:crypto";
import { storedQuestions } from "#course/surveys/questions.ts";
import { readAnswers } from "#course/surveys/read-answers.ts";
import { takesAnswers } from "#course/surveys/survey-times.ts";
import { isToken } from "#infra/surveys/blind-tokens.ts";
import { readPublic } from "#infra/surveys/key-files.ts";
import { seal } from "#infra/surveys/sealed-answers.ts";
import type { SurveyParts } from "./open-survey.ts";
import { surveyClasses } from "./survey-classes.ts";

export interface SentAnswers {
  keyId: string;
  message: Uint8Array;
  signature: Uint8Array;
  /** By the question's id. */
  answers: Record<string, unknown>;
}

export type TakeOutcome =
  | { outcome: "taken" }
  /** code: what is wrong with the token, the time or the answers; message: where it is about a question. */
  | {
      outcome: "refused";
      code: "not-a-token" | "survey-closed" | "token-used" | "answers-wrong" | "too-long";
      message?: string;
    };

/**
 * Takes what somebody answered, whoever it was: the token says that they completed this survey in this section, and no
 * more. It waits sealed until a batch writes it. Nothing of when it came is kept.
 */
export async function takeAnswers(
  { db, clock }: Pick<SurveyParts, "db" | "clock">,
  sent: SentAnswers,
): Promise<TakeOutcome> {
  const key = await db.surveyKey.findUnique({
    where: { id: sent.keyId },
    select: { id: true, publicKey: true, destroyedAt: true, survey: true },
  });
  if (key === null || !isToken(readPublic(key.publicKey), sent.message, sent.signature)) {
    return { outcome: "refused", code: "not-a-token" };
  }
  const { courseId, classNumber, questions } = key.survey;
  const one = (await surveyClasses(db, courseId)).find(({ number }) => number === classNumber);
  if (key.destroyedAt !== null || one === undefined || !takesAnswers(one.times, clock())) {
    return { outcome: "refused", code: "survey-closed" };
  }
  const asked = storedQuestions.read(questions);
  if (asked.outcome !== "read") throw new Error("The questions of a survey cannot be read.");
  const read = readAnswers(asked.value, sent.answers);
  if (read.outcome === "refused") {
    return { outcome: "refused", code: "answers-wrong", message: read.message };
  }
  const hash = createHash("sha256").update(sent.message).digest("hex");
  return db.$transaction(async (tx) => {
    // A batch that destroys the sealing key waits until this is in it, or this waits for the next key.
    const [now] = await tx.$queryRaw<{ sealing_key: string; destroyed_at: Date | null }[]>`
      SELECT sealing_key, destroyed_at FROM survey_key WHERE id = ${key.id} FOR SHARE`;
    if (now === undefined || now.destroyed_at !== null) {
      return { outcome: "refused" as const, code: "survey-closed" as const };
    }
    const sealed = seal(readPublic(now.sealing_key), JSON.stringify(read.answers));
    if (sealed === null) return { outcome: "refused" as const, code: "too-long" as const };
    const { count } = await tx.surveyToken.createMany({
      data: [{ keyId: key.id, hash, sealed }],
      skipDuplicates: true,
    });
    return count === 1
      ? { outcome: "taken" as const }
      : { outcome: "refused" as const, code: "token-used" as const };
  });
}
