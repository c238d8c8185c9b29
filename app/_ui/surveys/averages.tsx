import type { ScaleResult } from "#app/_server/queries/surveys/survey-results.ts";
import classes from "./surveys.module.css";

const arrows = { up: "▲", down: "▼", same: "=" } as const;
const words = { up: "up from", down: "down from", same: "as before," } as const;

/** "6.36 ▲ up from 5.31", and what the numbers mean. */
export function AverageLine({ scale: { question, shown } }: { scale: ScaleResult }) {
  return (
    <p className={classes.average}>
      <span>{question.text}</span>{" "}
      {shown ? (
        <span className="num">
          <b>{shown.average.toFixed(2)}</b>
          {shown.moved && shown.before !== null ? (
            <>
              {" "}
              <span aria-hidden>{arrows[shown.moved]}</span> {words[shown.moved]} {shown.before.toFixed(2)}
            </>
          ) : null}
        </span>
      ) : (
        <span>not shown: fewer than five answers so far</span>
      )}
      <small>
        1 {question.low}, 5 {question.middle}, 10 {question.high}
      </small>
    </p>
  );
}
