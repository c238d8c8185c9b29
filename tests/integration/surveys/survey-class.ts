import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { finishToken, importTokenKey, makeToken } from "#app/_ui/surveys/answer/blind-token.ts";
import { newId } from "#course/ids.ts";
import { completeSurvey } from "#infra/db/surveys/complete-survey.ts";
import { hashOf, openSurvey, type SurveyParts } from "#infra/db/surveys/open-survey.ts";
import { takeAnswers } from "#infra/db/surveys/take-answers.ts";
import { surveyKeyFiles } from "#infra/surveys/key-files.ts";
import type { TestDatabase } from "#tests/support/database.ts";
import { type SeededCourse, seedCourse, seededAt, seedUser } from "#tests/support/seed.ts";

export const hour = 3_600_000;

/** A course with classes 1 to 3, two days apart, each with a survey; the clock stands an hour after the first. */
export interface SurveyCourse extends SeededCourse {
  parts: SurveyParts;
  /** Of the site that keeps its keys here. */
  dataDir: string;
  /** End of the class of this number. */
  endOf(number: number): Date;
  closesAt: Date;
  setNow(now: Date): void;
  remove(): Promise<void>;
}

export async function seedSurveyCourse(database: TestDatabase): Promise<SurveyCourse> {
  const course = await seedCourse(database.db);
  const endOf = (number: number) => new Date(Date.UTC(2024, 10, 11 + 2 * number));
  const closesAt = endOf(12);
  await database.db.classMeeting.createMany({
    data: [1, 2, 3].map((number) => ({
      ...{ id: newId("cls", seededAt), courseId: course.courseId, number, kind: "lecture" as const },
      ...{ title: `Class ${number}`, place: "CP 106", objectives: [], surveyClosesAt: closesAt },
      startsAt: new Date(endOf(number).getTime() - 2 * hour),
      endsAt: endOf(number),
      surveyDueAt: new Date(endOf(number).getTime() + 72 * hour),
    })),
  });
  const dataDir = await mkdtemp(path.join(tmpdir(), "drydock-surveys-"));
  let now = new Date(endOf(1).getTime() + hour);
  return {
    ...{ ...course, dataDir, endOf, closesAt },
    parts: { db: database.db, surveyKeys: surveyKeyFiles(dataDir), clock: () => now },
    setNow: (to) => {
      now = to;
    },
    remove: () => rm(dataDir, { recursive: true, force: true }),
  };
}

export async function addStudents(
  database: TestDatabase,
  course: SurveyCourse,
  sectionId: string,
  count: number,
) {
  const { courseId, courseSlug } = course;
  const ids: string[] = [];
  for (let index = 1; index <= count; index++) {
    const name = `Student ${sectionId.slice(-4)} ${index}`;
    ids.push(await seedUser(database.db, { name, courseId, courseSlug, role: "student", sectionId }));
  }
  return ids;
}

/** What a browser does until it has a token of the student's. */
export async function fetchToken(course: SurveyCourse, userId: string, classNumber = 1) {
  const { parts, courseId } = course;
  const surveyId = await openSurvey(parts, courseId, classNumber);
  const { sectionId } = await parts.db.enrollment.findFirstOrThrow({ where: { userId, courseId } });
  const row = await parts.db.surveyKey.findFirstOrThrow({ where: { surveyId, sectionId: sectionId ?? "" } });
  const { id, publicKey } = row;
  const key = await importTokenKey({ id, publicKey, sha256: hashOf(publicKey) });
  const token = await makeToken(key);
  const signed = await completeSurvey(parts, { courseId, classNumber, userId, blinded: token.blinded });
  if (signed.outcome !== "signed") throw new Error(`Not signed: ${signed.code}`);
  return {
    keyId: id,
    token,
    message: token.message,
    signature: await finishToken(key, token, signed.signature),
  };
}

/** The whole of it; gives what the server said of the answers. */
export async function answerAs(
  course: SurveyCourse,
  userId: string,
  answers: Record<string, unknown>,
  classNumber = 1,
) {
  const { keyId, message, signature } = await fetchToken(course, userId, classNumber);
  return takeAnswers(course.parts, { keyId, message, signature, answers });
}
