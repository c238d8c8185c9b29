import type { SurveyLine } from "#app/_server/queries/surveys/list-surveys.ts";
import type { SurveyResult } from "#app/_server/queries/surveys/survey-results.ts";
import { sayCalendarDay, sayInstant } from "#course/deadlines/say-instant.ts";
import { surveyPath, surveyQuestionsPath, surveyResultsPath } from "../../addresses.ts";
import { TextLink } from "../../page/links.tsx";
import { EmptyState, Panel } from "../../page/panel.tsx";
import { RowsTable } from "../../page/rows-table.tsx";
import type { Zones } from "../../time/zoned-time.tsx";
import { sayRate } from "../rates.tsx";
import classes from "../surveys.module.css";
import { TermTrend } from "./term-trend.tsx";

interface StaffSurveysProps {
  lines: SurveyLine[];
  results: SurveyResult[];
  course: string;
  zones: Zones;
  now: Date;
}

/** Every survey of the term with how many answered, and how the averages went. */
export function StaffSurveys({ lines, results, course, zones, now }: StaffSurveysProps) {
  const past = lines.filter(({ state }) => state !== "to-come").toReversed();
  const next = lines.find(({ state }) => state === "to-come");
  const resultOf = (number: number) => results.find((one) => one.number === number);
  return (
    <div className={classes.stack}>
      <Panel
        title="Over the term"
        aside={<TextLink href={surveyQuestionsPath(course)}>Questions to come</TextLink>}
      >
        <TermTrend results={results} />
      </Panel>
      <Panel
        title="After each class"
        aside={
          next ? (
            <span>
              next: class {next.number}, opens {sayInstant(next.opensAt, zones.reader, { now })}
            </span>
          ) : null
        }
        flush
      >
        {past.length === 0 ? (
          <EmptyState title="No class has ended yet.">A survey opens by itself when one does.</EmptyState>
        ) : (
          <RowsTable
            label="Surveys"
            rows={past}
            rowKey={({ number }) => String(number)}
            columns={[
              {
                name: "Survey",
                cell: ({ number, title }) => (
                  <TextLink
                    href={resultOf(number) ? surveyResultsPath(course, number) : surveyPath(course, number)}
                  >
                    Class {number}: {title}
                  </TextLink>
                ),
              },
              { name: "Class", cell: ({ day }) => <time dateTime={day}>{sayCalendarDay(day, now)}</time> },
              { name: "Answered", cell: ({ number }) => answeredWords(resultOf(number)) },
              {
                name: "Feedback",
                cell: ({ published, state }) =>
                  `${published ? "published" : "not published"}${state === "open" ? ", still open" : ""}`,
              },
            ]}
          />
        )}
      </Panel>
    </div>
  );
}

function answeredWords(result: SurveyResult | undefined) {
  const all = result?.rates.at(-1);
  return all ? <span className="num">{sayRate(all)}</span> : "nobody yet";
}
