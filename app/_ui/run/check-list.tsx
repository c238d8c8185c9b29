"use client";

import { IconChevronDown, IconPlayerPlay } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import type { CheckView } from "#app/_server/queries/run/run-view.ts";
import { formatPoints, formatSeconds } from "../format.ts";
import { Button } from "../plain/button.tsx";
import { StateTag } from "../state/state-tag.tsx";
import classes from "./check-list.module.css";

/** Loaded where a check has a drill: most runs have none. */
const DrillReplay = lazy(() => import("./drill/drill-replay.tsx"));

interface CheckListProps {
  checks: CheckView[];
  /** Shows only this check's lines in the log; null where there is no log. */
  onShowLog: ((check: string) => void) | null;
}

const faultWords = {
  student: null,
  exercise: "The exercise itself is at fault; your staff see this.",
  platform: "Drydock is at fault, not your work; your staff see this.",
};

/** Every check in order, filling in as they finish; a failed one says what was expected, what happened, how to fix it. */
export function CheckList({ checks, onShowLog }: CheckListProps) {
  // Opened for the reader: the first failure. Those after it often follow from it, and a run that could not be graded
  // says why once, above.
  const first = checks.find((check) => check.verdict === "failed");
  return (
    <ol className={classes.list}>
      {checks.map((check) => (
        <li key={check.id}>
          {check.message ? (
            <FinishedCheck check={check} opened={check === first} onShowLog={onShowLog} />
          ) : (
            <div className={classes.row}>
              <CheckRow check={check} />
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}

function CheckRow({ check }: { check: CheckView }) {
  const state =
    check.progress === "waiting" ? "waiting" : check.progress === "running" ? "running_check" : check.verdict;
  return (
    <>
      <span>
        <StateTag state={state ?? "waiting"} />
      </span>
      <span className={classes.title}>
        {check.title}
        {check.timeline ? (
          <small className={classes.drill}>
            <IconPlayerPlay size={13} aria-hidden />
            with a replay of the drill
          </small>
        ) : null}
      </span>
      <span className={classes.points}>
        {check.progress === "finished" ? `${formatPoints(check.points)} / ` : ""}
        {formatPoints(check.maxPoints)}
        <span className="sr"> points</span>
        <small>{check.durationMs === null ? "" : formatSeconds(check.durationMs / 1000)}</small>
      </span>
      <span className={classes.chevron}>
        {check.message ? <IconChevronDown size={16} stroke={1.75} aria-hidden /> : null}
      </span>
    </>
  );
}

interface FinishedCheckProps {
  check: CheckView;
  /** At first. */
  opened: boolean;
  onShowLog: CheckListProps["onShowLog"];
}

function FinishedCheck({ check, opened, onShowLog }: FinishedCheckProps) {
  // Kept by React: the list is drawn again while other checks finish, and must not close what the reader opened.
  const [open, setOpen] = useState(opened);
  if (!check.message) return null;
  const { expected, happened, fix } = check.message;
  const told = [
    { name: "Expected", text: expected },
    { name: "Happened", text: happened },
    { name: "How to fix it", text: check.verdict === "passed" ? "" : fix },
  ].filter((part) => part.text !== "");
  const fault = check.fault ? faultWords[check.fault] : null;
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={classes.row}>
        <CheckRow check={check} />
      </summary>
      <div className={classes.more}>
        <dl className={classes.told}>
          {told.map((part) => (
            <div key={part.name}>
              <dt>{part.name}</dt>
              <dd data-fix={part.name === "How to fix it" || undefined}>{part.text}</dd>
            </div>
          ))}
        </dl>
        {check.timeline ? (
          <Suspense>
            <DrillReplay timeline={check.timeline} title={check.title} />
          </Suspense>
        ) : null}
        <div className={classes.tools}>
          {onShowLog ? (
            <Button
              className="needs-script"
              size="compact-xs"
              variant="default"
              onClick={() => onShowLog(check.id)}
              aria-label={`Show the log of ${check.title}`}
            >
              Show its log
            </Button>
          ) : null}
          <span className="mono">{check.kind}</span>
          {fault ? <span>{fault}</span> : null}
        </div>
      </div>
    </details>
  );
}
