import type { Services } from "../../services.ts";
import { readResults, type SurveyResult } from "./survey-results.ts";

export interface FeedbackItem {
  id: string;
  question: string;
  answer: string;
}

/** What staff picked of a survey, in order, published or not. */
export async function readFeedback({ db }: Services, surveyId: string): Promise<FeedbackItem[]> {
  return db.surveyFeedback.findMany({
    where: { surveyId },
    orderBy: [{ position: "asc" }, { id: "asc" }],
    select: { id: true, question: true, answer: true },
  });
}

export interface PublishedFeedback extends Pick<SurveyResult, "number" | "rates" | "scales" | "shown"> {
  items: FeedbackItem[];
}

/** Published feedback by the number of the class that it was published for: the one after the survey's. */
export async function readPublishedFeedback(
  services: Services,
  course: { id: string; timeZone: string },
): Promise<Map<number, PublishedFeedback>> {
  const { db } = services;
  const published = await db.survey.findMany({
    where: { courseId: course.id, publishedAt: { not: null } },
    select: { id: true, feedback: { orderBy: [{ position: "asc" }, { id: "asc" }] } },
  });
  if (published.length === 0) return new Map();
  const [results, classes] = await Promise.all([
    readResults(services, course),
    db.classMeeting.findMany({
      where: { courseId: course.id },
      orderBy: { startsAt: "asc" },
      select: { number: true },
    }),
  ]);
  const found = new Map<number, PublishedFeedback>();
  for (const { surveyId, number, rates, scales, shown } of results) {
    const survey = published.find(({ id }) => id === surveyId);
    const next = classes[classes.findIndex((one) => one.number === number) + 1];
    if (survey === undefined || next === undefined) continue;
    const items = survey.feedback.map(({ id, question, answer }) => ({ id, question, answer }));
    found.set(next.number, { number, rates, scales, shown, items });
  }
  return found;
}
