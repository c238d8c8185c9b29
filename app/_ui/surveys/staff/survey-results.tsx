import type { FeedbackItem } from "#app/_server/queries/surveys/survey-feedback.ts";
import type { SurveyResult, TextResult } from "#app/_server/queries/surveys/survey-results.ts";
import { sayInstant } from "#course/deadlines/say-instant.ts";
import { scaleFrom } from "#course/surveys/scale.ts";
import { plural } from "../../format.ts";
import { News } from "../../page/news.tsx";
import { Notice } from "../../page/notice.tsx";
import { EmptyState, Panel } from "../../page/panel.tsx";
import { RowsTable } from "../../page/rows-table.tsx";
import { HistogramPlot } from "../../plots/histogram.tsx";
import type { Zones } from "../../time/zoned-time.tsx";
import { AverageLine } from "../averages.tsx";
import classes from "../surveys.module.css";
import { AddForm, FeedbackForm, PickForm, PublishForm } from "./feedback-forms.tsx";

interface SurveyResultsProps {
  result: SurveyResult;
  texts: TextResult[];
  items: FeedbackItem[];
  course: string;
  zones: Zones;
  now: Date;
  /** What has just been done with the feedback. */
  done: string;
}

/** What was answered after one class, and what staff make of it for the next. */
export function SurveyResults({ result, texts, items, course, zones, now, done }: SurveyResultsProps) {
  const page = { course, number: String(result.number) };
  return (
    <div className={classes.stack}>
      <Missing result={result} zones={zones} now={now} />
      <Panel
        title="Answers on a scale"
        aside={<span className="num">{plural(result.shown, "answer")} in it</span>}
      >
        <div className={classes.plots}>
          {result.scales.map((scale) => (
            <div key={scale.question.id}>
              <AverageLine scale={scale} />
              {scale.shown ? (
                <HistogramPlot
                  caption="How often each number was chosen."
                  label={`${scale.question.text} The average of ${result.shown} answers is ${scale.shown.average.toFixed(2)}.`}
                  bars={scale.shown.histogram.map((count, index) => ({
                    name: String(index + scaleFrom),
                    count,
                  }))}
                  ends={[scale.question.low, scale.question.high]}
                />
              ) : null}
            </div>
          ))}
        </div>
      </Panel>
      <Panel title="Who answered, by section" flush>
        <RowsTable
          label="Response rates"
          rows={result.rates}
          rowKey={({ section }) => section}
          columns={[
            { name: "Section", cell: ({ section }) => section },
            {
              name: "Completed",
              end: true,
              cell: ({ completed }) => <span className="num">{completed}</span>,
            },
            { name: "Students", end: true, cell: ({ students }) => <span className="num">{students}</span> },
            {
              name: "Rate",
              end: true,
              cell: ({ percent }) => (
                <span className="num">{percent === null ? "–" : `${percent.toFixed(1)} %`}</span>
              ),
            },
          ]}
        />
      </Panel>
      <Panel
        title="What students wrote"
        aside={<span className="num">{plural(texts.length, "text")}, in no order</span>}
      >
        {texts.length === 0 ? (
          <p>Nothing yet. What students write shows up here with the other answers.</p>
        ) : (
          <ul className={classes.texts}>
            {texts.map(({ id, text }) => (
              <li key={id}>
                <p className={classes.text}>{text}</p>
                <PickForm page={page} id={id} />
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <div id="feedback">
        <Panel
          title="Feedback for the next class"
          aside={<span>{result.publishedAt ? "published" : "seen by staff only"}</span>}
        >
          {doneWords[done] ? (
            <News key={`${done} ${now.getTime()}`} parameter="done">
              <Notice tone="ok">{doneWords[done]}</Notice>
            </News>
          ) : null}
          {items.length === 0 ? (
            <EmptyState title="Nothing is picked yet.">
              Pick what students wrote above, word it so that nobody is recognised, and answer it.
            </EmptyState>
          ) : null}
          {items.map((item) => (
            <FeedbackForm key={`${item.id} ${item.question} ${item.answer}`} page={page} item={item} />
          ))}
          <AddForm page={page} />
          <PublishForm page={page} published={result.publishedAt !== null} />
        </Panel>
      </div>
    </div>
  );
}

const doneWords: Partial<Record<string, string>> = {
  pick: "Picked: word it so that nobody is recognised.",
  add: "Added.",
  save: "Saved.",
  remove: "Removed.",
  publish: "Published: the course reads it with the next class of the schedule.",
  "take-back": "Taken back: only staff see it.",
};

function Missing({ result, zones, now }: { result: SurveyResult; zones: Zones; now: Date }) {
  const { missing, hidden, firstOpened } = result;
  if (missing === 0) return null;
  if (now < firstOpened) {
    return (
      <Notice tone="info">
        So that their order says nothing, answers are opened together:{" "}
        {sayInstant(firstOpened, zones.reader, { now })}. Until then only how many completed the survey is
        known.
      </Notice>
    );
  }
  return (
    <Notice tone="info">
      {missing === 1 ? "One who completed it is" : `${missing} who completed it are`} not in these numbers:
      answers that come later wait until five of a section are together or the survey is over
      {hidden.length > 0
        ? `, and nothing is shown of ${hidden.join(" and ")} while fewer than five answered`
        : ""}
      .
    </Notice>
  );
}
