import { createHash } from "node:crypto";
import type { Clock } from "#course/clock.ts";
import { newId } from "#course/ids.ts";
import { defaultQuestions, storedQuestions } from "#course/surveys/questions.ts";
import { stateOf } from "#course/surveys/survey-times.ts";
import { makeTokenKeys } from "#infra/surveys/blind-tokens.ts";
import { type SurveyKeyFiles, writePublic } from "#infra/surveys/key-files.ts";
import { makeSealingKeys } from "#infra/surveys/sealed-answers.ts";
import type { Db, Tx } from "../connection/client.ts";
import { surveyClasses } from "./survey-classes.ts";

export interface SurveyParts {
  db: Db;
  surveyKeys: SurveyKeyFiles;
  clock: Clock;
}

/**
 * Writes down what the survey of a class asks, and makes its keys: one for each section that has students. What is
 * there already stays. The caller has seen that it is open. Gives its id.
 */
export async function openSurvey(
  { db, surveyKeys, clock }: SurveyParts,
  courseId: string,
  classNumber: number,
): Promise<string> {
  const found = await db.survey.findUnique({
    where: { courseId_classNumber: { courseId, classNumber } },
    select: { id: true, keys: { select: { sectionId: true } } },
  });
  const sections = await db.section.findMany({
    where: { courseId, enrollments: { some: { courseId, role: "student" } } },
    select: { id: true, code: true },
  });
  const missing = sections.filter(({ id }) => !found?.keys.some(({ sectionId }) => sectionId === id));
  if (found !== null && missing.length === 0) return found.id;
  const made = await Promise.all(missing.map((section) => makeKeys(surveyKeys, section, clock())));
  const outcome = await db.$transaction(async (tx) => {
    const surveyId = await writeAsked(tx, courseId, classNumber, clock());
    const used: string[] = [];
    for (const keys of made) {
      if (await writeKeys(tx, { surveyId, classNumber, keys, now: clock() })) used.push(keys.id);
    }
    return { surveyId, used };
  });
  // Another process was first.
  const unused = made.filter(({ id }) => !outcome.used.includes(id));
  await Promise.all(unused.map(({ id }) => surveyKeys.destroy(id)));
  return outcome.surveyId;
}

/** All of a course that are open and not there yet. */
export async function openDueSurveys(parts: SurveyParts, courseId: string): Promise<void> {
  const now = parts.clock();
  const classes = await surveyClasses(parts.db, courseId);
  for (const { number, times } of classes) {
    if (stateOf(times, now) === "open") await openSurvey(parts, courseId, number);
  }
}

interface MadeKeys {
  id: string;
  section: { id: string; code: string };
  publicKey: string;
  sealingKey: string;
}

async function makeKeys(
  files: SurveyKeyFiles,
  section: { id: string; code: string },
  now: Date,
): Promise<MadeKeys> {
  const id = newId("svk", now);
  const token = await makeTokenKeys();
  const sealing = makeSealingKeys();
  await files.keep(id, { signing: token.privateKey, sealing: sealing.privateKey });
  return { id, section, publicKey: writePublic(token.publicKey), sealingKey: writePublic(sealing.publicKey) };
}

async function writeAsked(tx: Tx, courseId: string, classNumber: number, now: Date): Promise<string> {
  const plan = await tx.surveyPlan.findUnique({ where: { courseId } });
  const planned = storedQuestions.read(plan?.questions);
  const questions = planned.outcome === "read" ? planned.value : [...defaultQuestions];
  await tx.survey.createMany({
    data: [{ id: newId("srv", now), courseId, classNumber, questions: storedQuestions.write(questions) }],
    skipDuplicates: true,
  });
  const where = { courseId_classNumber: { courseId, classNumber } };
  const { id } = await tx.survey.findUniqueOrThrow({ where, select: { id: true } });
  await tx.$executeRaw`SELECT 1 FROM survey WHERE id = ${id} FOR UPDATE`;
  return id;
}

/** The hash goes where nothing is ever changed: a key for one student alone would be seen there. */
async function writeKeys(
  tx: Tx,
  { surveyId, classNumber, keys, now }: { surveyId: string; classNumber: number; keys: MadeKeys; now: Date },
): Promise<boolean> {
  const { id, section, publicKey, sealingKey } = keys;
  const written = await tx.surveyKey.createMany({
    data: [{ id, surveyId, sectionId: section.id, publicKey, sealingKey }],
    skipDuplicates: true,
  });
  if (written.count === 0) return false;
  await tx.auditEntry.create({
    data: {
      ...{ id: newId("aud", now), at: now, userId: null, action: "survey.key-made" },
      subject: `survey-key:${id}`,
      after: { class: classNumber, section: section.code, sha256: hashOf(publicKey) },
      reason: "The survey opened.",
    },
  });
  return true;
}

/** Of the SPKI, as a browser computes it too; hex. */
export const hashOf = (publicKey: string): string =>
  createHash("sha256").update(Buffer.from(publicKey, "base64")).digest("hex");
