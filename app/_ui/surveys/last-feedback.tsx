import { cache } from "react";
import { findCourse } from "#app/_server/queries/course/course-page.ts";
import { readPublishedFeedback } from "#app/_server/queries/surveys/survey-feedback.ts";
import { getServices } from "#app/_server/services.ts";
import { AverageLine } from "./averages.tsx";
import { RatesLine } from "./rates.tsx";
import classes from "./surveys.module.css";

/** Of the course of this slug, asked once a request. */
const readOnce = cache(async (slug: string) => {
  const services = await getServices();
  const course = await findCourse(services, slug);
  return course ? readPublishedFeedback(services, course) : null;
});

/** What came of the survey of the class before this one, as staff published it; nothing while they did not. */
export async function LastFeedback({ course, classNumber }: { course: string; classNumber: number }) {
  const feedback = (await readOnce(course))?.get(classNumber);
  if (feedback === undefined) return null;
  const { number, rates, scales, items } = feedback;
  return (
    <details className={classes.feedback}>
      <summary>Feedback from last class (class {number})</summary>
      <p>
        Answered by <RatesLine rates={rates} />
      </p>
      {scales.map((scale) => (
        <AverageLine key={scale.question.id} scale={scale} />
      ))}
      <dl>
        {items.map(({ id, question, answer }) => (
          <div key={id}>
            <dt>{question}</dt>
            <dd>{answer}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
