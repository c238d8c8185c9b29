import type { SurveyLine } from "#app/_server/queries/surveys/list-surveys.ts";
import { plural } from "../format.ts";
import { EmptyState, Panel } from "../page/panel.tsx";
import type { Zones } from "../time/zoned-time.tsx";
import { SurveyTable } from "./survey-table.tsx";
import classes from "./surveys.module.css";

interface StudentSurveysProps {
  lines: SurveyLine[];
  course: string;
  zones: Zones;
  now: Date;
}

/** What waits first, what comes next, and what was, the latest first. */
export function StudentSurveys({ lines, ...table }: StudentSurveysProps) {
  const waiting = lines.filter(({ counts, completed }) => counts && completed === null);
  const next = lines.find(({ state }) => state === "to-come");
  const past = lines.filter((line) => line.state !== "to-come" && !waiting.includes(line)).toReversed();
  return (
    <div className={classes.stack}>
      <Panel title="Open now" aside={<span className="num">{plural(waiting.length, "survey")}</span>} flush>
        {waiting.length > 0 ? (
          <SurveyTable label="Surveys that wait for you" lines={waiting} {...table} />
        ) : (
          <EmptyState title="No survey waits for you.">
            The next one opens by itself when a class ends.
          </EmptyState>
        )}
      </Panel>
      {next ? (
        <Panel title="Next" flush>
          <SurveyTable label="The next survey" lines={[next]} {...table} />
        </Panel>
      ) : null}
      <Panel title="Past" flush>
        {past.length > 0 ? (
          <SurveyTable label="Past surveys" lines={past} {...table} />
        ) : (
          <EmptyState title="None yet.">Surveys that you answered or missed show up here.</EmptyState>
        )}
      </Panel>
    </div>
  );
}
