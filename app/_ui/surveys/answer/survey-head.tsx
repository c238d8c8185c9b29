import type { FoundSurvey } from "#app/_server/queries/surveys/survey-to-answer.ts";
import { sayInstant } from "#course/deadlines/say-instant.ts";
import { creditOf } from "#course/surveys/questions.ts";
import { formatPoints } from "../../format.ts";
import type { Zones } from "../../time/zoned-time.tsx";

/** Whether it can be answered, until when that counts, and what it is worth. */
export function SurveyHead({ found, zones, now }: { found: FoundSurvey; zones: Zones; now: Date }) {
  const { opensAt, dueAt, closesAt } = found.one.times;
  const say = (at: Date) => <time dateTime={at.toISOString()}>{sayInstant(at, zones.reader, { now })}</time>;
  if (found.state === "to-come") return <span>opens {say(opensAt)}</span>;
  if (found.state === "closed") return <span>closed {say(closesAt)}</span>;
  const credit = creditOf(found.questions);
  return (
    <>
      <span>{found.counts ? <>counts until {say(dueAt)}</> : <>open until {say(closesAt)}</>}</span>
      {credit > 0 ? (
        <span className="num">
          {found.counts
            ? `${formatPoints(credit)} ${credit === 1 ? "point" : "points"} of extra credit`
            : "no credit any more"}
        </span>
      ) : null}
    </>
  );
}
