"use client";

import { IconChevronDown, IconPlayerPlay } from "@tabler/icons-react";
import { lazy } from "react";
import type { CheckView } from "#app/_server/queries/run/run-view.ts";
import { formatPoints, formatSeconds } from "../../format.ts";
import { Button } from "../../plain/button.tsx";
import { StateTag } from "../../state/state-tag.tsx";
import classes from "./check-list.module.css";
import { ShownLines } from "./shown-lines.tsx";

/**
 * Loaded where a check has a drill: most runs have none. Without a boundary round it, whose content would be sent hidden
 * until a script shows it; who shows one later does so in a transition.
 */
const DrillReplay = lazy(() => import("../drill/drill-replay.tsx"));

/** What the reader may do with a check that has finished. */
export interface CheckTools {
  /** Shows only this check's lines in the log. */
  onShowLog(check: string): void;
  /** Whether the check has lines in the log; null while they may still come. */
  wrote(check: string): boolean | null;
  /** Where a replay is not shown yet, since it would move the page under the reader; null where it is. */
  onShowReplays: (() => void) | null;
}

interface CheckItemProps extends CheckTools {
  check: CheckView;
  open: boolean;
  onOpen(check: string, open: boolean): void;
}

const faultWords = {
  student: null,
  exercise: "The exercise itself is at fault; your staff see this.",
  platform: "Drydock is at fault, not your work; your staff see this.",
};

/** One check: its verdict and points, and once there is more to say, that behind it. */
export function CheckItem({ check, open, onOpen, ...tools }: CheckItemProps) {
  if (!check.message) {
    return (
      <div className={classes.row}>
        <CheckRow check={check} />
      </div>
    );
  }
  return (
    <details open={open} onToggle={(event) => onOpen(check.id, event.currentTarget.open)}>
      <summary className={classes.row}>
        <CheckRow check={check} />
      </summary>
      <CheckWords check={check} {...tools} />
    </details>
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

function CheckWords({ check, onShowReplays, ...log }: { check: CheckView } & CheckTools) {
  if (!check.message) return null;
  const { expected, happened, fix, shown = [] } = check.message;
  const told = [
    { name: "Expected", text: expected },
    { name: "Happened", text: happened },
    { name: "How to fix it", text: check.verdict === "passed" ? "" : fix },
  ].filter((part) => part.text !== "");
  return (
    <div className={classes.more}>
      <div className={classes.words}>
        <dl className={classes.told}>
          {told.map((part) => (
            <div key={part.name}>
              <dt>{part.name}</dt>
              <dd data-fix={part.name === "How to fix it" || undefined}>{part.text}</dd>
            </div>
          ))}
        </dl>
        <Tools check={check} {...log} />
      </div>
      {check.timeline !== null || shown.length > 0 ? (
        <div className={classes.seen}>
          {shown.map((excerpt, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the excerpts of a check never change order
            <ShownLines key={index} excerpt={excerpt} />
          ))}
          {check.timeline && onShowReplays === null ? (
            <DrillReplay timeline={check.timeline} title={check.title} />
          ) : null}
          {check.timeline && onShowReplays !== null ? (
            <Button size="compact-sm" variant="default" onClick={onShowReplays}>
              Show the replay of the drill
            </Button>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

function Tools({ check, onShowLog, wrote }: { check: CheckView } & Omit<CheckTools, "onShowReplays">) {
  const fault = check.fault ? faultWords[check.fault] : null;
  const lines = wrote(check.id);
  return (
    <div className={classes.tools}>
      <Button
        className="needs-script"
        size="compact-xs"
        variant="default"
        disabled={lines !== true}
        onClick={() => onShowLog(check.id)}
        aria-label={`Show the log of ${check.title}`}
      >
        Show its log
      </Button>
      {lines === false ? <span className="needs-script">It wrote nothing to the log.</span> : null}
      <span className="mono">{check.kind}</span>
      {fault ? <span>{fault}</span> : null}
    </div>
  );
}
