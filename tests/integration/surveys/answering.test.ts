import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { completeSurvey } from "#infra/db/surveys/complete-survey.ts";
import { openDueSurveys, openSurvey } from "#infra/db/surveys/open-survey.ts";
import { takeAnswers } from "#infra/db/surveys/take-answers.ts";
import { settleSurveys } from "#infra/db/surveys/write-batches.ts";
import { makeSealingKeys } from "#infra/surveys/sealed-answers.ts";
import type { Log } from "#infra/telemetry/logger.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { surveys } from "#workers/reconcilers/surveys.ts";
import {
  addStudents,
  answerAs,
  fetchToken,
  hour,
  type SurveyCourse,
  seedSurveyCourse,
} from "./survey-class.ts";

let database: TestDatabase;
let course: SurveyCourse;
let graduates: string[];
let others: string[];

beforeAll(async () => {
  database = await startTestDatabase();
  course = await seedSurveyCourse(database);
  graduates = await addStudents(database, course, course.sectionIds.graduate, 12);
  others = await addStudents(database, course, course.sectionIds.undergraduate, 2);
});
afterAll(async () => {
  await course?.remove();
  await database?.close();
});

const good = { material: 6, pace: 5, questions: "What is cached?" };
const written = () => database.db.surveyAnswer.count();
const hoursAfter = (classNumber: number, hours: number) =>
  new Date(course.endOf(classNumber).getTime() + hours * hour);

describe("completing a survey", () => {
  test("is recorded once: the same blinded message is signed the same again, another one is not", async () => {
    const [userId = ""] = graduates;
    const { token } = await fetchToken(course, userId);
    const complete = (blinded: Uint8Array) =>
      completeSurvey(course.parts, { courseId: course.courseId, classNumber: 1, userId, blinded });
    const again = [await complete(token.blinded), await complete(token.blinded)];
    expect(again[0]).toMatchObject({ outcome: "signed", late: false });
    expect(again[1]).toEqual(again[0]);
    const other = token.blinded.slice();
    other[255] = (other[255] ?? 0) ^ 1;
    expect(await complete(other)).toEqual({ outcome: "refused", code: "already-answered" });
    expect(await database.db.surveyCompletion.count({ where: { userId } })).toBe(1);
  });

  test.each([
    ["short", () => randomBytes(255), "not-blinded"],
    ["long", () => Buffer.alloc(257), "not-blinded"],
    ["not below the modulus", () => Buffer.alloc(256, 0xff), "not-blinded"],
  ])("with a %s blinded message is refused and not recorded", async (_what, make, code) => {
    const userId = graduates[1] ?? "";
    const of = { courseId: course.courseId, classNumber: 1, userId, blinded: make() };
    expect(await completeSurvey(course.parts, of)).toEqual({ outcome: "refused", code });
    expect(await database.db.surveyCompletion.count({ where: { userId } })).toBe(0);
  });

  test("is for students of the course, of a class that has ended, while its survey is open", async () => {
    const complete = (userId: string, classNumber: number) =>
      completeSurvey(course.parts, {
        ...{ courseId: course.courseId, classNumber, userId },
        blinded: Buffer.alloc(256, 1),
      });
    const [, student = ""] = graduates;
    expect(await complete(course.taId, 1)).toMatchObject({ code: "no-section" });
    expect(await complete("usr_nobody", 1)).toMatchObject({ code: "no-section" });
    expect(await complete(student, 2)).toMatchObject({ code: "survey-not-open" });
    expect(await complete(student, 99)).toMatchObject({ code: "no-survey" });
  });

  test("opens every survey that is due once, with a key for each section whose hash is in the audit", async () => {
    await Promise.all([1, 2, 3].map(() => openDueSurveys(course.parts, course.courseId)));
    const keys = await database.db.surveyKey.findMany();
    expect(keys).toHaveLength(2);
    const audit = await database.db.auditEntry.findMany({ where: { action: "survey.key-made" } });
    expect(audit.map(({ subject }) => subject).sort()).toEqual(
      keys.map(({ id }) => `survey-key:${id}`).sort(),
    );
    // Of each a signing and a sealing key, and none of whoever came second.
    expect(await readdir(path.join(course.dataDir, "survey-keys"))).toHaveLength(4);
    expect(JSON.stringify(keys)).not.toContain("PRIVATE");
  });
});

describe("answers", () => {
  test("with a forged, a foreign, a changed and a used token are refused, and nothing of them is kept", async () => {
    const before = await database.db.surveyToken.count();
    const { keyId, message, signature } = await fetchToken(course, graduates[2] ?? "");
    const foreign = await fetchToken(course, others[0] ?? "");
    const send = (change: Partial<Parameters<typeof takeAnswers>[1]>) =>
      takeAnswers(course.parts, { keyId, message, signature, answers: good, ...change });
    const noToken = { outcome: "refused", code: "not-a-token" };
    expect(await send({ signature: randomBytes(256) })).toEqual(noToken);
    expect(await send({ signature: signature.slice(1) })).toEqual(noToken);
    expect(await send({ message: randomBytes(64) })).toEqual(noToken);
    expect(await send({ message: message.slice(1) })).toEqual(noToken);
    expect(await send({ keyId: foreign.keyId })).toEqual(noToken);
    expect(await send({ keyId: "svk_none" })).toEqual(noToken);
    expect(await send({ answers: { material: 6 } })).toMatchObject({ code: "answers-wrong" });
    expect(await database.db.surveyToken.count()).toBe(before);
    expect(await send({})).toEqual({ outcome: "taken" });
    expect(await send({ answers: { ...good, material: 1 } })).toEqual({
      outcome: "refused",
      code: "token-used",
    });
    expect(await database.db.surveyToken.count()).toBe(before + 1);
  });

  test("of two with one token at once, one is taken", async () => {
    const { keyId, message, signature } = await fetchToken(course, graduates[3] ?? "");
    const sent = { keyId, message, signature, answers: good };
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => takeAnswers(course.parts, sent)));
    expect(outcomes.filter(({ outcome }) => outcome === "taken")).toHaveLength(1);
  });

  test("wait until half a day before the next class, and then until they are five of a section", async () => {
    for (const userId of graduates.slice(4, 6)) await answerAs(course, userId, good);
    course.setNow(hoursAfter(1, 40));
    await settleSurveys(course.parts, course.courseId);
    expect(await written()).toBe(0);
    await answerAs(course, graduates[6] ?? "", good);
    await answerAs(course, others[1] ?? "", good);
    await Promise.all([1, 2, 3].map(() => settleSurveys(course.parts, course.courseId)));
    // Five of one section, at three questions each; one of the other still waits.
    expect(await written()).toBe(15);
    const [key] = await database.db.surveyKey.findMany({ where: { sectionId: course.sectionIds.graduate } });
    expect(key).toMatchObject({ answers: 5, sealing: 2 });
    expect(await readdir(path.join(course.dataDir, "survey-keys"))).toContain(`${key?.id}.sealing-2`);
    expect(await readdir(path.join(course.dataDir, "survey-keys"))).not.toContain(`${key?.id}.sealing-1`);
  });

  test("are read with a sealing key that another process had made before it died", async () => {
    const [key] = await database.db.surveyKey.findMany({ where: { sectionId: course.sectionIds.graduate } });
    await course.parts.surveyKeys.nextSealing(key?.id ?? "", 3, () => makeSealingKeys().privateKey);
    for (const userId of graduates.slice(7, 12)) await answerAs(course, userId, good);
    await settleSurveys(course.parts, course.courseId);
    expect(await written()).toBe(30);
  });

  test("on their way at the close are taken for a quarter of an hour; then all is written and the keys are gone", async () => {
    course.setNow(hoursAfter(1, 73));
    const { keyId, message, signature } = await fetchToken(course, graduates[1] ?? "");
    const late = await fetchToken(course, graduates[0] ?? "").catch((error: Error) => error.message);
    expect(late).toContain("already-answered");
    const sent = { keyId, message, signature, answers: good };
    course.setNow(new Date(course.closesAt.getTime() + 14 * 60_000));
    const of = { courseId: course.courseId, classNumber: 1, userId: others[0] ?? "" };
    expect(await completeSurvey(course.parts, { ...of, blinded: Buffer.alloc(256, 1) })).toMatchObject({
      code: "survey-closed",
    });
    expect(await takeAnswers(course.parts, sent)).toEqual({ outcome: "taken" });
    course.setNow(new Date(course.closesAt.getTime() + 15 * 60_000));
    expect(await takeAnswers(course.parts, sent)).toEqual({ outcome: "refused", code: "survey-closed" });
    const log = { error: (told: object) => expect(told).toBeNull() } as unknown as Log;
    await surveys({ ...course.parts, everyMs: 60_000, log }).pass();
    expect(await written()).toBe(36);
    expect(await readdir(path.join(course.dataDir, "survey-keys"))).toEqual([]);
    const keys = await database.db.surveyKey.findMany();
    expect(keys.every(({ destroyedAt }) => destroyedAt !== null)).toBe(true);
    expect(await database.db.auditEntry.count({ where: { action: "survey.key-destroyed" } })).toBe(2);
    expect(await database.db.surveyToken.count({ where: { sealed: { not: null } } })).toBe(0);
  });

  test("complete late earn nothing, and completion is readable by person", async () => {
    const completions = await database.db.surveyCompletion.findMany({
      where: { userId: graduates[1] ?? "" },
    });
    expect(completions).toMatchObject([{ late: true }]);
    expect(await openSurvey(course.parts, course.courseId, 1)).toBe(completions[0]?.surveyId);
  });
});
