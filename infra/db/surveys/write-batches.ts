import { randomUUID } from "node:crypto";
import { AppError } from "#course/errors.ts";
import { newId } from "#course/ids.ts";
import type { Answered } from "#course/surveys/read-answers.ts";
import { isOver, toWrite } from "#course/surveys/survey-times.ts";
import { writePublic } from "#infra/surveys/key-files.ts";
import { makeSealingKeys, unseal } from "#infra/surveys/sealed-answers.ts";
import type { Tx } from "../connection/client.ts";
import type { SurveyParts } from "./open-survey.ts";
import { type SurveyClass, surveyClasses } from "./survey-classes.ts";

/** Courses that have a survey whose keys are there still. */
export async function coursesWithSurveys({ db }: Pick<SurveyParts, "db">): Promise<string[]> {
  const rows = await db.surveyKey.findMany({
    where: { destroyedAt: null },
    select: { survey: { select: { courseId: true } } },
  });
  return [...new Set(rows.map(({ survey }) => survey.courseId))];
}

/**
 * Writes what waits in a course's surveys and is to be written by now, and destroys the keys of those that are over.
 * Twice at once does it once.
 */
export async function settleSurveys(parts: SurveyParts, courseId: string): Promise<void> {
  const { db } = parts;
  const keys = await db.surveyKey.findMany({
    where: { destroyedAt: null, survey: { courseId } },
    select: { id: true, sealing: true, survey: { select: { classNumber: true } } },
  });
  if (keys.length === 0) return;
  const waiting = await db.surveyToken.groupBy({
    by: ["keyId"],
    where: { keyId: { in: keys.map(({ id }) => id) }, sealed: { not: null } },
    _count: true,
  });
  const classes = await surveyClasses(db, courseId);
  const failed: unknown[] = [];
  for (const key of keys) {
    const one = classes.find(({ number }) => number === key.survey.classNumber);
    // A class that is gone from the schedule may come back: nothing of it is thrown away.
    if (one === undefined) continue;
    const count = waiting.find(({ keyId }) => keyId === key.id)?._count ?? 0;
    await settleKey(parts, { ...key, waiting: count }, one).catch((error: unknown) => failed.push(error));
  }
  if (failed.length > 0) throw failed[0];
}

async function settleKey(
  parts: SurveyParts,
  key: { id: string; sealing: number; waiting: number },
  one: SurveyClass,
): Promise<void> {
  const { clock, surveyKeys } = parts;
  if (toWrite(key.waiting, one, clock()) === "all") await writeUnquoted(parts, key.id, one);
  // What a batch that broke off after its commit has left.
  else await surveyKeys.destroySealingBefore(key.id, key.sealing);
  if (isOver(one.times, clock())) await destroyKeys(parts, key.id);
}

/** An error of the database may quote what it was given, and goes to a log: only its name is let through. */
async function writeUnquoted(parts: SurveyParts, keyId: string, one: SurveyClass): Promise<void> {
  await writeBatch(parts, keyId, one).catch((error: unknown) => {
    if (error instanceof AppError) throw error;
    const name = error instanceof Error ? error.name : "Error";
    throw new Error(`Answers of ${keyId} could not be written (${name}); they wait for the next pass.`);
  });
}

/**
 * All that waits of one key, in one transaction, among all that was written before, in an order of its own: the rows
 * are new ones with random ids, so that neither their place nor their transaction says which came when.
 */
async function writeBatch(parts: SurveyParts, keyId: string, one: SurveyClass): Promise<void> {
  const { db, surveyKeys, clock } = parts;
  const next = await db.$transaction(async (tx) => {
    const key = await lockKey(tx, keyId);
    if (key === null) return null;
    const waiting = await tx.surveyToken.findMany({
      where: { keyId, sealed: { not: null } },
      select: { sealed: true },
    });
    if (toWrite(waiting.length, one, clock()) === "none") return null;
    const opener = await surveyKeys.sealing(keyId, key.sealing);
    if (opener === null) {
      throw new AppError({
        code: "sealing-key-missing",
        userMessage: `The sealing key ${key.sealing} of ${keyId} is not in this data folder.`,
      });
    }
    const following = key.sealing + 1;
    const sealer = await surveyKeys.nextSealing(keyId, following, () => makeSealingKeys().privateKey);
    const before = await tx.surveyAnswer.findMany({
      where: { keyId },
      select: { question: true, scale: true, text: true },
    });
    const came = waiting.flatMap(
      ({ sealed }) => JSON.parse(unseal(opener, sealed as Uint8Array)) as Answered[],
    );
    await tx.surveyAnswer.deleteMany({ where: { keyId } });
    await tx.surveyAnswer.createMany({ data: inNoOrder(keyId, [...before, ...came]) });
    await tx.surveyToken.updateMany({ where: { keyId }, data: { sealed: null } });
    await tx.surveyKey.update({
      where: { id: keyId },
      data: {
        answers: { increment: waiting.length },
        sealing: following,
        sealingKey: writePublic(sealer),
      },
    });
    return following;
  });
  if (next !== null) await surveyKeys.destroySealingBefore(keyId, next);
}

/** Sorted by ids that are drawn at random. */
function inNoOrder(
  keyId: string,
  answers: { question: string; scale?: number | null; text?: string | null }[],
) {
  return answers
    .map(({ question, scale = null, text = null }) => ({ id: randomUUID(), keyId, question, scale, text }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function lockKey(tx: Tx, keyId: string): Promise<{ sealing: number } | null> {
  const [row] = await tx.$queryRaw<{ sealing: number }[]>`
    SELECT sealing FROM survey_key WHERE id = ${keyId} AND destroyed_at IS NULL FOR UPDATE`;
  return row ?? null;
}

/** The files first: what the row says is then so, whenever this breaks off. */
async function destroyKeys({ db, surveyKeys, clock }: SurveyParts, keyId: string): Promise<void> {
  await db.$transaction(async (tx) => {
    if ((await lockKey(tx, keyId)) === null) return;
    if ((await tx.surveyToken.count({ where: { keyId, sealed: { not: null } } })) > 0) return;
    await surveyKeys.destroy(keyId);
    const now = clock();
    await tx.surveyKey.update({ where: { id: keyId }, data: { destroyedAt: now } });
    await tx.auditEntry.create({
      data: {
        ...{ id: newId("aud", now), at: now, userId: null, action: "survey.key-destroyed" },
        ...{ subject: `survey-key:${keyId}`, reason: "The survey is over." },
      },
    });
  });
}
