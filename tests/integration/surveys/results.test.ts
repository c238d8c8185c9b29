import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listSurveys } from "#app/_server/queries/surveys/list-surveys.ts";
import { readSurveyCredit } from "#app/_server/queries/surveys/survey-credit.ts";
import { readFeedback, readPublishedFeedback } from "#app/_server/queries/surveys/survey-feedback.ts";
import { readResults, readTexts } from "#app/_server/queries/surveys/survey-results.ts";
import type { Services } from "#app/_server/services.ts";
import { spread, writeAnswers } from "#bin/demo/fill/write-answers.ts";
import { defaultQuestions } from "#course/surveys/questions.ts";
import { createFeedbackActs } from "#infra/db/surveys/feedback-acts.ts";
import { openSurvey } from "#infra/db/surveys/open-survey.ts";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { addStudents, hour, type SurveyCourse, seedSurveyCourse } from "./survey-class.ts";

let database: TestDatabase;
let course: SurveyCourse;
let services: Services;
let of: { id: string; timeZone: string };
let surveyIds: string[];

/** The numbers of the seed course's facts, from individual answers; the seed itself has one student in each section. */
beforeAll(async () => {
  database = await startTestDatabase();
  course = await seedSurveyCourse(database);
  const { parts, sectionIds, courseId } = course;
  of = { id: courseId, timeZone: "America/Los_Angeles" };
  services = { db: database.db, clock: parts.clock, surveyKeys: parts.surveyKeys } as unknown as Services;
  const many = await addStudents(database, course, sectionIds.undergraduate, 41);
  const few = await addStudents(database, course, sectionIds.graduate, 19);
  course.setNow(new Date(course.endOf(3).getTime() + 80 * hour));
  surveyIds = [];
  for (const number of [1, 2, 3]) surveyIds.push(await openSurvey(parts, courseId, number));
  const answer = (
    at: number,
    section: string,
    people: string[],
    material: number[],
    pace: number[],
    texts: string[] = [],
  ) =>
    writeAnswers(
      database.db,
      { surveyId: surveyIds[at] ?? "", section, people },
      { scales: { material, pace }, texts },
    );
  const [material1, pace1] = [spread(39, 207), spread(39, 199)];
  await answer(0, "TCSS 462", many.slice(0, 27), material1.slice(0, 27), pace1.slice(0, 27));
  await answer(0, "TCSS 562", few.slice(0, 12), material1.slice(27), pace1.slice(27));
  const [material2, pace2] = [spread(36, 229), spread(36, 210)];
  const asked = ["Could you use Docker to run legacy software?", "What is layered and what is cached?"];
  await answer(1, "TCSS 462", many.slice(0, 25), material2.slice(0, 25), pace2.slice(0, 25), asked);
  await answer(1, "TCSS 562", few.slice(0, 11), material2.slice(25), pace2.slice(25));
  await answer(2, "TCSS 462", many.slice(0, 6), [4, 4, 4, 4, 4, 4], [5, 5, 5, 5, 5, 5], ["seen"]);
  await answer(2, "TCSS 562", few.slice(0, 4), [10, 10, 10, 10], [10, 10, 10, 10], ["hidden"]);
});
afterAll(async () => {
  await course?.remove();
  await database?.close();
});

describe("results", () => {
  test("are the averages and rates of the seed course, with what they were the class before", async () => {
    const [, second] = await readResults(services, of);
    expect(
      second?.scales.map(({ question, shown }) => [question.id, shown?.average, shown?.before, shown?.moved]),
    ).toEqual([
      ["material", 6.36, 5.31, "up"],
      ["pace", 5.83, 5.1, "up"],
    ]);
    expect(
      second?.rates.map(({ section, completed, students, percent }) => [
        section,
        completed,
        students,
        percent,
      ]),
    ).toEqual([
      ["TCSS 462", 25, 42, 59.5],
      ["TCSS 562", 11, 20, 55],
      ["All", 36, 62, 58.1],
    ]);
    expect(second).toMatchObject({ shown: 36, missing: 0, hidden: [] });
  });

  test("of a section in which fewer than five answered are in no number and no text", async () => {
    const third = (await readResults(services, of)).at(-1);
    expect(third).toMatchObject({ shown: 6, missing: 4, hidden: ["TCSS 562"] });
    expect(third?.scales[0]?.shown).toMatchObject({
      average: 4,
      sections: [{ section: "TCSS 462", average: 4 }],
    });
    expect((await readTexts(services, surveyIds[2] ?? "")).map(({ text }) => text)).toEqual(["seen"]);
  });

  test("keep the wording that was asked when staff change what is asked next", async () => {
    const acts = createFeedbackActs(database.db, course.parts.clock);
    const { courseId, instructorId } = course;
    const plan = (written: unknown) => acts.plan({ courseId, written, by: instructorId });
    const written = [
      { ...defaultQuestions[0], text: "How new was it?" },
      { kind: "text", id: "text-1", text: "Anything else?" },
    ];
    expect(await plan(written)).toEqual({ outcome: "done" });
    expect(await plan([{ ...written[1], id: "pace" }])).toMatchObject({ outcome: "refused" });
    expect(await plan([])).toMatchObject({ outcome: "refused" });
    const [first] = await readResults(services, of);
    expect(first?.questions).toEqual(defaultQuestions);
    const audit = await database.db.auditEntry.findMany({ where: { action: "survey.questions-changed" } });
    expect(audit).toMatchObject([{ userId: instructorId, after: { questions: written } }]);
  });

  test("say to whom a survey is open, who completed it, and whether that was in time", async () => {
    const { userId } = await database.db.surveyCompletion.findFirstOrThrow({
      where: { surveyId: surveyIds[0] ?? "" },
    });
    const lines = await listSurveys(services, of, userId);
    expect(lines.map(({ number, state, counts }) => [number, state, counts])).toEqual([
      [1, "open", false],
      [2, "open", false],
      [3, "open", false],
    ]);
    expect(lines[0]?.completed).toEqual({ late: false });
    expect((await listSurveys(services, of, course.otherStudentId))[0]?.completed).toBeNull();
  });
});

test("completing in time earns a point a class, by person", async () => {
  const { earned, possible } = await readSurveyCredit(services, course.courseId);
  expect(possible).toBe(3);
  const { userId } = await database.db.surveyCompletion.findFirstOrThrow({
    where: { surveyId: surveyIds[2] ?? "" },
  });
  expect(earned.get(userId)).toBe(3);
  expect(earned.get(course.otherStudentId)).toBeUndefined();
  const own = await readSurveyCredit(services, course.courseId, userId);
  expect([...own.earned]).toEqual([[userId, 3]]);
});

describe("feedback", () => {
  test("is picked, worded anew, answered, and shown with the next class once published", async () => {
    const acts = createFeedbackActs(database.db, course.parts.clock);
    const surveyId = surveyIds[1] ?? "";
    for (const { id } of await readTexts(services, surveyId)) {
      expect(await acts.pick({ surveyId, answerId: id })).toEqual({ outcome: "done" });
    }
    const [item, other] = await readFeedback(services, surveyId);
    const worded = {
      question: "Can old software run in Docker?",
      answer: "Yes, if its libraries are in the image.",
    };
    expect(await acts.save({ surveyId, id: item?.id ?? "", ...worded })).toEqual({ outcome: "done" });
    expect(await acts.remove({ surveyId, id: other?.id ?? "" })).toEqual({ outcome: "done" });
    expect(await readPublishedFeedback(services, of)).toEqual(new Map());
    await acts.publish({ surveyId, wanted: true });
    const published = await readPublishedFeedback(services, of);
    expect([...published.keys()]).toEqual([3]);
    expect(published.get(3)).toMatchObject({ number: 2, shown: 36, items: [worded] });
    await acts.publish({ surveyId, wanted: false });
    expect(await readPublishedFeedback(services, of)).toEqual(new Map());
    // What the student wrote stays as it was.
    expect((await readTexts(services, surveyId)).map(({ text }) => text)).toContain(
      "Could you use Docker to run legacy software?",
    );
  });

  test("is refused in one sentence: of another survey, of a hidden section, without words, too long, gone", async () => {
    const acts = createFeedbackActs(database.db, course.parts.clock);
    const surveyId = surveyIds[2] ?? "";
    const hidden = await database.db.surveyAnswer.findFirstOrThrow({ where: { text: "hidden" } });
    const seen = await database.db.surveyAnswer.findFirstOrThrow({ where: { text: "seen" } });
    const outcomes = [
      await acts.pick({ surveyId, answerId: hidden.id }),
      await acts.pick({ surveyId: surveyIds[0] ?? "", answerId: seen.id }),
      await acts.pick({ surveyId, answerId: "no id" }),
      await acts.add({ surveyId, question: "  " }),
      await acts.add({ surveyId, question: "x".repeat(4001) }),
      await acts.save({ surveyId, id: "svf_gone", question: "Q", answer: "" }),
    ];
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ outcome: "refused", message: expect.stringMatching(/^.{10,200}\.$/) });
    }
    expect(await readFeedback(services, surveyId)).toEqual([]);
  });
});
