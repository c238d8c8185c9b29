import type { SurveyResult } from "#app/_server/queries/surveys/survey-results.ts";
import { scaleFrom, scaleTo } from "#course/surveys/scale.ts";
import { TrendPlot } from "../../plots/trend.tsx";

/** The average of each scale after each class; of questions by what they are, whatever their wording was. */
export function TermTrend({ results }: { results: SurveyResult[] }) {
  const ids = [...new Set(results.flatMap(({ scales }) => scales.map(({ question }) => question.id)))];
  const series = ids.slice(0, 4).map((id) => {
    const scales = results.map((one) => one.scales.find(({ question }) => question.id === id));
    const latest = scales.findLast((scale) => scale !== undefined);
    return {
      name: latest?.question.text ?? id,
      values: scales.map((scale) => scale?.shown?.average ?? null),
    };
  });
  if (!series.some(({ values }) => values.some((value) => value !== null))) {
    return (
      <p>Averages show up here once five of a section have answered, half a day before the next class.</p>
    );
  }
  return (
    <TrendPlot
      caption="Averages by class, 1 to 10."
      label={`Averages of ${series.length === 1 ? "one question" : `${series.length} questions`} over ${results.length} classes`}
      places={results.map(({ number }) => String(number))}
      placeName="Class"
      range={[scaleFrom, scaleTo]}
      series={series}
    />
  );
}
