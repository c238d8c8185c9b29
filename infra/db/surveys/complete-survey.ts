import { countsNow, stateOf } from "#course/surveys/survey-times.ts";
import { signBlinded } from "#infra/surveys/blind-tokens.ts";
import { readPublic } from "#infra/surveys/key-files.ts";
import { openSurvey, type SurveyParts } from "./open-survey.ts";
import { surveyClasses } from "./survey-classes.ts";

export type CompleteRefusal =
  | "no-survey"
  | "survey-not-open"
  | "survey-closed"
  | "no-section"
  | "not-blinded"
  | "already-answered"
  | "key-gone";

export type CompleteOutcome =
  | { outcome: "signed"; signature: Buffer; late: boolean }
  | { outcome: "refused"; code: CompleteRefusal };

/**
 * Records that a student completed the survey of a class, once, and signs what their browser blinded. The same message
 * again gives the same signature: a reply may have been lost. Another one would be a second voice.
 */
export async function completeSurvey(
  parts: SurveyParts,
  of: { courseId: string; classNumber: number; userId: string; blinded: Uint8Array },
): Promise<CompleteOutcome> {
  const { db, surveyKeys, clock } = parts;
  const { courseId, classNumber, userId } = of;
  const one = (await surveyClasses(db, courseId)).find(({ number }) => number === classNumber);
  if (one === undefined) return refused("no-survey");
  const now = clock();
  const state = stateOf(one.times, now);
  if (state !== "open") return refused(state === "closed" ? "survey-closed" : "survey-not-open");
  const enrolled = await db.enrollment.findUnique({
    where: { courseId_userId: { courseId, userId } },
    select: { sectionId: true, role: true },
  });
  if (enrolled?.role !== "student" || enrolled.sectionId === null) return refused("no-section");
  const surveyId = await openSurvey(parts, courseId, classNumber);
  const recorded = await db.surveyCompletion.findUnique({
    where: { surveyId_userId: { surveyId, userId } },
    select: { keyId: true },
  });
  // Whoever changes the section after answering keeps the key that they answered with.
  const key = await db.surveyKey.findFirst({
    where: recorded ? { id: recorded.keyId } : { surveyId, sectionId: enrolled.sectionId },
  });
  const privateKey = key && (await surveyKeys.signing(key.id));
  if (!key || !privateKey) return refused("key-gone");
  const signature = signBlinded({ publicKey: readPublic(key.publicKey), privateKey }, of.blinded);
  if (signature === null) return refused("not-blinded");
  const blinded = Buffer.from(of.blinded).toString("base64url");
  const late = !countsNow(one.times, now);
  // What decides is the row: of two at once one is recorded, and the other is compared with it.
  await db.surveyCompletion.createMany({
    data: [{ surveyId, userId, keyId: key.id, blinded, late }],
    skipDuplicates: true,
  });
  const stands = await db.surveyCompletion.findUniqueOrThrow({
    where: { surveyId_userId: { surveyId, userId } },
  });
  if (stands.blinded !== blinded) return refused("already-answered");
  return { outcome: "signed", signature, late: stands.late };
}

const refused = (code: CompleteRefusal) => ({ outcome: "refused" as const, code });
