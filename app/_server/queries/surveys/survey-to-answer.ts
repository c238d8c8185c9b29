import { storedChange } from "#app/_server/queries/course/describe-change.ts";
import { type Question, storedQuestions } from "#course/surveys/questions.ts";
import { countsNow, stateOf } from "#course/surveys/survey-times.ts";
import { openSurvey } from "#infra/db/surveys/open-survey.ts";
import { type SurveyClass, surveyClasses } from "#infra/db/surveys/survey-classes.ts";
import type { Services } from "../../services.ts";

export interface SurveyToAnswer {
  one: SurveyClass;
  counts: boolean;
  questions: Question[];
  /** Of the reader's section, and its sha256 as the audit has it; null of whoever is in none. */
  key: { id: string; publicKey: string; sha256: string } | null;
  completed: { late: boolean } | null;
}

export type FoundSurvey =
  | { state: "to-come"; one: SurveyClass }
  | ({ state: "open" } & SurveyToAnswer)
  | { state: "closed"; one: SurveyClass; completed: { late: boolean } | null };

/** The survey after a class, as a student finds it; null when the class has none. Whoever looks first opens it. */
export async function findSurvey(
  services: Services,
  courseId: string,
  classNumber: number,
  userId: string,
): Promise<FoundSurvey | null> {
  const { db, clock } = services;
  const one = (await surveyClasses(db, courseId)).find(({ number }) => number === classNumber);
  if (one === undefined) return null;
  const state = stateOf(one.times, clock());
  if (state === "to-come") return { state, one };
  if (state === "open") await openSurvey(services, courseId, classNumber);
  const found = await db.survey.findUnique({
    where: { courseId_classNumber: { courseId, classNumber } },
    select: {
      ...{ questions: true, completions: { where: { userId }, select: { late: true, keyId: true } } },
      keys: {
        select: {
          ...{ id: true, publicKey: true },
          section: { select: { enrollments: { where: { userId, role: "student" }, select: { id: true } } } },
        },
      },
    },
  });
  const completion = found?.completions[0] ?? null;
  const completed = completion && { late: completion.late };
  if (state === "closed") return { state, one, completed };
  const read = storedQuestions.read(found?.questions);
  if (read.outcome !== "read") throw new Error(`The survey of class ${classNumber}: ${read.why}`);
  const key = found?.keys.find(({ id, section }) =>
    completion ? id === completion.keyId : section.enrollments.length > 0,
  );
  return {
    ...{ state, one, completed, questions: read.value, counts: countsNow(one.times, clock()) },
    key: key ? { id: key.id, publicKey: key.publicKey, sha256: await auditedHash(services, key.id) } : null,
  };
}

async function auditedHash({ db }: Services, keyId: string): Promise<string> {
  const entry = await db.auditEntry.findFirst({
    where: { subject: `survey-key:${keyId}`, action: "survey.key-made" },
    select: { after: true },
  });
  const after = storedChange.read(entry?.after ?? null);
  const hash = after.outcome === "read" ? after.value?.sha256 : undefined;
  return typeof hash === "string" ? hash : "";
}
