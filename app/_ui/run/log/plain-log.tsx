import type { LogTail } from "#app/_server/queries/run/log-tail.ts";
import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { formatSeconds } from "../../format.ts";
import { stateWord } from "../../state/state-tag.tsx";
import { type LogSection, linesWord, logSections, opensByItself } from "./log-sections.ts";
import { appendEvents, logAfter, textOf } from "./log-store.ts";
import classes from "./log-view.module.css";

/** Seconds after which a page without JavaScript asks again while a run goes on. */
const refreshSeconds = 5;

interface PlainLogProps {
  view: RunView;
  tail: LogTail;
}

/** The log's end under its headings, and the page's own refresh, for readers without JavaScript. */
export function PlainLog({ view, tail }: PlainLogProps) {
  const log = appendEvents(logAfter(tail.before), tail.events);
  const here = log.lines - log.missing;
  const { final, state, id } = view.run;
  const refreshes = !final || view.standing.underWay !== null;
  const sections = logSections(log, view).filter((section) => section.lines > 0);
  const run = { settled: final, graded: state === "graded", alone: sections.length === 1 };
  return (
    <noscript>
      {refreshes ? <meta httpEquiv="refresh" content={String(refreshSeconds)} /> : null}
      <p className={classes.empty}>
        {refreshes ? `This page loads itself again every ${refreshSeconds} seconds. ` : ""}
        {here === 0 ? (
          `There is no log${final ? "" : " yet"}.`
        ) : (
          <>
            {log.missing === 0
              ? linesWord(here)
              : `The last ${here.toLocaleString("en")} of ${linesWord(log.lines)}`}
            .{" "}
            <a href={`/api/runs/${id}/log`} download>
              Download the whole log
            </a>
          </>
        )}
      </p>
      {sections.map((section) => (
        <details key={section.id} open={opensByItself(section, run)} className={classes.fold}>
          <summary>{headingOf(section)}</summary>
          <pre className={`${classes.scroll} ${classes.plain}`}>
            {textOf(section.group ? [section.group] : [])}
          </pre>
        </details>
      ))}
    </noscript>
  );
}

function headingOf({ title, state, seconds, lines }: LogSection): string {
  const facts = [
    state === null ? null : stateWord(state),
    seconds === null ? null : formatSeconds(seconds),
    linesWord(lines),
  ];
  return `${title}: ${facts.filter((fact) => fact !== null).join(", ")}`;
}
