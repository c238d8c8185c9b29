import type { RunBrief, RunView } from "#app/_server/queries/run/run-view.ts";
import type { StaffRunView } from "#app/_server/queries/run/staff-run.ts";
import { staffRunPath } from "#app/_ui/addresses.ts";
import { scoreOf } from "../format.ts";
import { News } from "../page/news.tsx";
import { Notice } from "../page/notice.tsx";
import { Panel } from "../page/panel.tsx";
import { StateTag, stateWord } from "../state/state-tag.tsx";
import { ZonedTime, type Zones } from "../time/zoned-time.tsx";
import { MakeCountForm } from "./make-count-form.tsx";
import classes from "./staff.module.css";

interface RunResultProps {
  view: RunView;
  /** The submission's. */
  number: number;
  changes: StaffRunView["changes"];
  /** This run has just been made to count. */
  news: boolean;
  zones: Zones;
}

/** Whether the run is its submission's result, the way to make it so, and what people did about it so far. */
export function RunResult({ view, number, changes, news, zones }: RunResultProps) {
  return (
    <section id="result">
      <Panel
        title="Result of the submission"
        aside={view.run.counts ? <StateTag state="counts" /> : <span>another run counts</span>}
      >
        {news && view.run.counts ? (
          <News parameter="done">
            <Notice tone="ok" announce>
              This run counts now. The one that counted before can be made to count again on its own page.
            </Notice>
          </News>
        ) : null}
        <Choice view={view} number={number} zones={zones} />
        {changes.length === 0 ? null : (
          <ul className={classes.changes}>
            {changes.map((change) => (
              <li key={change.id}>
                <ZonedTime iso={change.at} zones={zones} seconds /> {change.what} by {change.by}:{" "}
                {change.reason}
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </section>
  );
}

function Choice({ view, number, zones }: Pick<RunResultProps, "view" | "number" | "zones">) {
  const { run, standing, student, exercise } = view;
  const { counted, underWay } = standing;
  if (run.counts || counted === null) {
    return <p>This run is the result of submission {number}; only another result can take its place.</p>;
  }
  if (run.score === null) {
    return <p>This run has no result, so it cannot count in place of another.</p>;
  }
  if (underWay !== null) {
    return (
      <p>
        A rerun is {stateWord(underWay.state).toLowerCase()} and counts as soon as it is graded: wait for it,
        or cancel it, before you let another run count.
      </p>
    );
  }
  return (
    <MakeCountForm
      runId={run.id}
      question={
        <>
          Of submission {number} of {student.name} to {exercise.title} <Named run={counted} zones={zones} />{" "}
          counts. Let this one, <Named run={run} zones={zones} /> count in its place?
        </>
      }
      countedHref={staffRunPath(counted.id)}
    />
  );
}

/** A run by what tells it from another with the same score. */
function Named({ run, zones }: { run: Omit<RunBrief, "id">; zones: Zones }) {
  const result = run.score === null ? stateWord(run.state).toLowerCase() : `with ${scoreOf(run)}`;
  return (
    <>
      run {run.number}, {result}
      {run.finishedAt === null ? null : (
        <>
          , ended <ZonedTime iso={run.finishedAt} zones={zones} seconds />
        </>
      )}
      ,
    </>
  );
}
