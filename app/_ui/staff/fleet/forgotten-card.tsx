import { costIfForgotten, reminder } from "#course/cost/forgotten.ts";
import { formatUsd, plural } from "../../format.ts";
import { Panel } from "../../page/panel.tsx";
import classes from "./fleet.module.css";

interface ForgottenCardProps {
  /** Machines that are not gone, and what they cost an hour together. */
  running: { machines: number; usdPerHour: number };
  /** Of the machines that were asked for in this UTC day, those that run with what they cost by now. */
  todayUsd: number;
}

/** The course's own reminder, with what is true here and now. */
export function ForgottenCard({ running, todayUsd }: ForgottenCardProps) {
  return (
    <Panel title="What a forgotten machine costs">
      <p className={classes.line}>
        One {reminder.instanceType} at ${reminder.usdPerHour} an hour that nobody ends:
      </p>
      <dl className={classes.forgotten}>
        {costIfForgotten(reminder.usdPerHour).map(({ span, usd }) => (
          <div key={span}>
            <dt>a {span}</dt>
            <dd>{formatUsd(usd)}</dd>
          </div>
        ))}
      </dl>
      <p className={classes.dim}>
        {running.machines === 0
          ? "No machine runs now, so nothing is forgotten."
          : `${plural(running.machines, "machine")} ${running.machines === 1 ? "runs" : "run"} now, for ${formatUsd(running.usdPerHour)} an hour; each ends with its lease.`}{" "}
        Today has cost {formatUsd(todayUsd)}.
      </p>
    </Panel>
  );
}
