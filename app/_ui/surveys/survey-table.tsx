import { IconCircleCheck, IconCircleDashed, IconCircleX, IconLock } from "@tabler/icons-react";
import type { SurveyLine } from "#app/_server/queries/surveys/list-surveys.ts";
import { sayCalendarDay, sayInstant } from "#course/deadlines/say-instant.ts";
import { surveyPath } from "../addresses.ts";
import { TextLink } from "../page/links.tsx";
import { RowsTable } from "../page/rows-table.tsx";
import type { Zones } from "../time/zoned-time.tsx";
import classes from "./surveys.module.css";

interface SurveyTableProps {
  label: string;
  lines: SurveyLine[];
  course: string;
  zones: Zones;
  now: Date;
}

/** Surveys of classes, each with what became of it for this reader. */
export function SurveyTable({ label, lines, course, zones, now }: SurveyTableProps) {
  return (
    <RowsTable
      label={label}
      rows={lines}
      rowKey={({ number }) => String(number)}
      columns={[
        {
          name: "Survey",
          cell: ({ number, title }) => (
            <TextLink href={surveyPath(course, number)}>
              Class {number}: {title}
            </TextLink>
          ),
        },
        { name: "Class", cell: ({ day }) => <time dateTime={day}>{sayCalendarDay(day, now)}</time> },
        { name: "When", cell: (line) => <Until line={line} zones={zones} now={now} /> },
        { name: "You", cell: (line) => <Standing line={line} /> },
      ]}
    />
  );
}

function Until({
  line: { state, counts, opensAt, dueAt, closesAt },
  zones,
  now,
}: {
  line: SurveyLine;
  zones: Zones;
  now: Date;
}) {
  const say = (at: Date) => <time dateTime={at.toISOString()}>{sayInstant(at, zones.reader, { now })}</time>;
  if (state === "to-come") return <>opens {say(opensAt)}</>;
  if (state === "closed") return <>closed {say(closesAt)}</>;
  return counts ? <>counts until {say(dueAt)}</> : <>no credit any more; open until {say(closesAt)}</>;
}

function Standing({ line: { state, completed, counts } }: { line: SurveyLine }) {
  const size = { size: 17, "aria-hidden": true } as const;
  if (completed) {
    return (
      <span className={classes.standing} data-tone="ok">
        <IconCircleCheck {...size} /> {completed.late ? "Answered, after it counted" : "Answered"}
      </span>
    );
  }
  if (state === "to-come") {
    return (
      <span className={classes.standing}>
        <IconLock {...size} /> Not open yet
      </span>
    );
  }
  if (state === "open" && counts) {
    return (
      <span className={classes.standing} data-tone="warn">
        <IconCircleDashed {...size} /> Open
      </span>
    );
  }
  return (
    <span className={classes.standing}>
      <IconCircleX {...size} /> Missed
    </span>
  );
}
