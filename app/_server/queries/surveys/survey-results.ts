import { dayIn } from "#course/catalogue/calendar-days.ts";
import { type Question, type ScaleQuestion, storedQuestions } from "#course/surveys/questions.ts";
import { scaleFrom } from "#course/surveys/scale.ts";
import {
  addHistograms,
  averageOf,
  type Compared,
  compare,
  emptyHistogram,
  type Histogram,
  mayShow,
  type ResponseRate,
  responseRates,
  shownTogether,
} from "#course/surveys/summarize.ts";
import { type SurveyClass, surveyClasses } from "#infra/db/surveys/survey-classes.ts";
import type { Services } from "../../services.ts";

export interface ScaleResult {
  question: ScaleQuestion;
  /** Of the sections that may be shown; null: of none. */
  shown:
    | (Compared & { histogram: Histogram; sections: { section: string; average: number | null }[] })
    | null;
}

export interface SurveyResult {
  surveyId: string;
  number: number;
  title: string;
  /** Of the class, in the course's zone. */
  day: string;
  questions: Question[];
  scales: ScaleResult[];
  rates: ResponseRate[];
  completed: number;
  /** Answers that are in the numbers here. */
  shown: number;
  /** Sections of which fewer than five answered so far. */
  hidden: string[];
  /** Completed, and not in the numbers yet: on the way, waiting for others, or of a hidden section. */
  missing: number;
  firstOpened: Date;
  publishedAt: Date | null;
}

type Row = Awaited<ReturnType<typeof surveyRows>>[number];

/** What was answered in each survey of a course so far, in the order of its classes, as far as it may be shown. */
export async function readResults(
  { db }: Services,
  course: { id: string; timeZone: string },
): Promise<SurveyResult[]> {
  const [classes, rows, students] = await Promise.all([
    surveyClasses(db, course.id),
    surveyRows(db, course.id),
    db.enrollment.groupBy({
      by: ["sectionId"],
      where: { courseId: course.id, role: "student" },
      _count: true,
    }),
  ]);
  const keyId = { in: rows.flatMap(({ keys }) => keys.map(({ id }) => id)) };
  const [completions, counts] = await Promise.all([
    db.surveyCompletion.groupBy({ by: ["keyId"], where: { keyId }, _count: true }),
    db.surveyAnswer.groupBy({
      by: ["keyId", "question", "scale"],
      where: { keyId, scale: { not: null } },
      _count: true,
    }),
  ]);
  const completedOf = new Map(completions.map((one) => [one.keyId, one._count]));
  const studentsOf = new Map(students.map(({ sectionId, _count }) => [sectionId, _count]));
  const histogramOf = (keyId: string, question: string) => {
    const histogram = emptyHistogram();
    for (const one of counts) {
      if (one.keyId === keyId && one.question === question)
        histogram[(one.scale ?? 0) - scaleFrom] = one._count;
    }
    return histogram;
  };
  const results: SurveyResult[] = [];
  for (const one of classes) {
    const row = rows.find(({ classNumber }) => classNumber === one.number);
    if (row) {
      const before = results.at(-1)?.scales ?? [];
      results.push({
        ...resultOf(one, row, { studentsOf, completedOf, histogramOf, before }),
        day: dayIn(course.timeZone, one.startsAt),
      });
    }
  }
  return results;
}

const surveyRows = (db: Services["db"], courseId: string) =>
  db.survey.findMany({
    where: { courseId },
    select: {
      ...{ id: true, classNumber: true, questions: true, publishedAt: true },
      keys: {
        orderBy: { section: { code: "asc" } },
        select: {
          ...{ id: true, answers: true, sectionId: true, section: { select: { code: true } } },
        },
      },
    },
  });

function resultOf(
  { number, title, firstOpened }: SurveyClass,
  row: Row,
  from: {
    studentsOf: Map<string | null, number>;
    completedOf: Map<string, number>;
    histogramOf: (keyId: string, question: string) => Histogram;
    before: ScaleResult[];
  },
): Omit<SurveyResult, "day"> {
  const read = storedQuestions.read(row.questions);
  const questions = read.outcome === "read" ? read.value : [];
  const open = shownTogether(row.keys);
  const rates = responseRates(
    row.keys.map(({ id, section, sectionId }) => ({
      section: section.code,
      students: from.studentsOf.get(sectionId) ?? 0,
      completed: from.completedOf.get(id) ?? 0,
    })),
  );
  const completed = row.keys.reduce((sum, { id }) => sum + (from.completedOf.get(id) ?? 0), 0);
  const shown = open.reduce((sum, { answers }) => sum + answers, 0);
  return {
    ...{ surveyId: row.id, number, title, firstOpened, questions, rates, completed, shown },
    publishedAt: row.publishedAt,
    hidden: row.keys.filter((key) => !mayShow(key)).map(({ section }) => section.code),
    missing: Math.max(0, completed - shown),
    scales: questions.flatMap((question) => {
      if (question.kind !== "scale") return [];
      const sections = open.map(({ id, section }) => ({
        section: section.code,
        histogram: from.histogramOf(id, question.id),
      }));
      const histogram = addHistograms(sections.map((each) => each.histogram));
      const average = averageOf(histogram);
      const earlier = from.before.find((scale) => scale.question.id === question.id);
      return [
        {
          question,
          shown:
            average === null
              ? null
              : {
                  ...compare(average, earlier?.shown?.average ?? null),
                  histogram,
                  sections: sections.map((each) => ({
                    section: each.section,
                    average: averageOf(each.histogram),
                  })),
                },
        },
      ];
    }),
  };
}

export interface TextResult {
  id: string;
  question: string;
  text: string;
}

/** What students wrote in one survey, in no order; of sections of which fewer than five answered, nothing. */
export async function readTexts({ db }: Services, surveyId: string): Promise<TextResult[]> {
  const keys = await db.surveyKey.findMany({ where: { surveyId }, select: { id: true, answers: true } });
  const rows = await db.surveyAnswer.findMany({
    where: { keyId: { in: shownTogether(keys).map(({ id }) => id) }, text: { not: null } },
    orderBy: { id: "asc" },
    select: { id: true, question: true, text: true },
  });
  return rows.map(({ id, question, text }) => ({ id, question, text: text ?? "" }));
}
