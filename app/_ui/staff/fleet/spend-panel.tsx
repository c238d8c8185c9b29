import type { AssignmentSpend, SpendView, SpentOfCap } from "#app/_server/queries/fleet/spend.ts";
import { formatUsd, plural } from "../../format.ts";
import { EmptyState, Panel } from "../../page/panel.tsx";
import { RowsTable } from "../../page/rows-table.tsx";
import classes from "./fleet.module.css";

/** What today, this week and this course have cost, against what they may. */
export function SpendSums({ spend }: { spend: SpendView }) {
  const { today, week, poolToday, course, studentDayCapUsd } = spend;
  const pool = poolToday.settledUsd + poolToday.heldUsd;
  return (
    <div className={classes.sums}>
      <Panel title="Today" aside={<span className="num">{spend.day}, UTC</span>}>
        <Sum sum={today} what="a day" />
        {pool > 0 ? (
          <p className={classes.dim}>{formatUsd(pool)} of it by machines that wait for a run.</p>
        ) : null}
      </Panel>
      <Panel title="This week" aside={<span className="num">from {spend.weekFrom}, UTC</span>}>
        <div className={classes.sum}>
          <div className={classes.big}>{formatUsd(week.settledUsd)}</div>
          <p className={classes.dim}>
            {week.heldUsd > 0
              ? `and up to ${formatUsd(week.heldUsd)} of machines that run`
              : "of all courses"}
          </p>
        </div>
      </Panel>
      <Panel title="This course" aside={<span>since it began</span>}>
        <Sum sum={course} what="the course" />
        <p className={classes.dim}>
          {studentDayCapUsd === null
            ? "A student's runs have no limit of their own."
            : `The runs of one student: at most ${formatUsd(studentDayCapUsd)} a day.`}
        </p>
      </Panel>
    </div>
  );
}

function Sum({ sum, what }: { sum: SpentOfCap; what: string }) {
  const { settledUsd, heldUsd, capUsd } = sum;
  const total = settledUsd + heldUsd;
  const held = heldUsd > 0 ? `; up to ${formatUsd(heldUsd)} is held for machines that run` : "";
  return (
    <div className={classes.sum}>
      <div className={classes.big}>
        {formatUsd(settledUsd)} {capUsd === null ? null : <small>of {formatUsd(capUsd)}</small>}
      </div>
      {capUsd === null ? (
        <p className={classes.dim}>
          There is no limit for {what}
          {held}.
        </p>
      ) : (
        <>
          <meter
            className={classes.meter}
            min={0}
            max={Math.max(capUsd, total, 1e-6)}
            high={capUsd * 0.8}
            optimum={0}
            value={total}
            aria-label={`${formatUsd(total)} of ${formatUsd(capUsd)} for ${what}`}
          />
          <p className={classes.dim}>
            {total >= capUsd
              ? "All of it is spent or held: runs wait"
              : `${formatUsd(capUsd - total)} is left`}
            {held}.
          </p>
        </>
      )}
    </div>
  );
}

/** What each assignment of the course has cost. */
export function AssignmentSpendPanel({ assignments }: { assignments: AssignmentSpend[] }) {
  return (
    <Panel
      title="By assignment"
      aside={<span className="num">{plural(assignments.length, "assignment")}</span>}
      flush
    >
      {assignments.length === 0 ? (
        <EmptyState title="Nothing has cost anything yet.">
          What the runs of each assignment cost shows up here with the first machine.
        </EmptyState>
      ) : (
        <RowsTable
          label="Cost by assignment"
          rows={assignments}
          rowKey={({ slug }) => slug}
          columns={[
            { name: "Assignment", cell: ({ title }) => title },
            { name: "Runs", end: true, cell: ({ runs }) => String(runs) },
            { name: "Cost", end: true, cell: ({ settledUsd }) => formatUsd(settledUsd) },
            {
              name: "A run",
              end: true,
              cell: ({ settledUsd, runs }) => (runs === 0 ? "–" : formatUsd(settledUsd / runs)),
            },
            { name: "Held", end: true, cell: ({ heldUsd }) => (heldUsd === 0 ? "–" : formatUsd(heldUsd)) },
          ]}
        />
      )}
    </Panel>
  );
}
