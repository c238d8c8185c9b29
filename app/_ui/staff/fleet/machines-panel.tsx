import type { FleetMachine } from "#app/_server/queries/fleet/machines.ts";
import { staffRunPath } from "#app/_ui/addresses.ts";
import { formatSpan, formatUsd, plural } from "../../format.ts";
import { TextLink } from "../../page/links.tsx";
import { EmptyState, Panel } from "../../page/panel.tsx";
import { RowsTable } from "../../page/rows-table.tsx";
import { EndMachineForm } from "./end-machine-form.tsx";
import classes from "./fleet.module.css";

/** Every machine that is not gone: state, age against lease, what it is, what it costs, whose run it grades. */
export function MachinesPanel({ machines, course }: { machines: FleetMachine[]; course: string }) {
  return (
    <Panel title="Machines" aside={<span className="num">{plural(machines.length, "machine")}</span>} flush>
      {machines.length === 0 ? (
        <EmptyState title="No machine runs.">
          One is started for each run that begins, and ends with it; they show up here while they exist.
        </EmptyState>
      ) : (
        <RowsTable
          label="Machines"
          rows={machines}
          rowKey={({ id }) => id}
          columns={[
            {
              name: "Machine",
              cell: ({ id, instanceId, provider }) => (
                <div className={classes.cell}>
                  <span className="mono">{instanceId ?? id}</span>
                  <small>
                    {provider}
                    {instanceId === null ? ", not launched yet" : ""}
                  </small>
                </div>
              ),
            },
            { name: "State", cell: ({ state }) => state },
            { name: "Work", cell: (machine) => <Work machine={machine} /> },
            {
              name: "Age and lease",
              end: true,
              cell: ({ ageSeconds, leaseSeconds, overdue }) => (
                <div className={classes.cell}>
                  {formatSpan(Math.round(ageSeconds))} of {formatSpan(Math.round(leaseSeconds))}
                  {overdue ? <small>its lease is over</small> : null}
                </div>
              ),
            },
            {
              name: "Type and zone",
              cell: ({ instanceType, zone, market, title }) => (
                <div className={classes.cell}>
                  {instanceType ?? title}
                  {zone === null ? null : (
                    <small>
                      {zone}, {market}
                    </small>
                  )}
                </div>
              ),
            },
            {
              name: "Cost",
              end: true,
              cell: ({ costUsd, usdPerHour }) => (
                <div className={classes.cell}>
                  {formatUsd(costUsd)}
                  <small>{formatUsd(usdPerHour)} an hour</small>
                </div>
              ),
            },
            { name: "End", cell: (machine) => <End machine={machine} course={course} /> },
          ]}
        />
      )}
    </Panel>
  );
}

function Work({ machine: { state, work } }: { machine: FleetMachine }) {
  if (work.kind === "idle") return isEnding(state) ? "none" : "waits for a run";
  if (work.kind === "other-course") return "a run of another course";
  return (
    <div className={classes.cell}>
      <TextLink href={staffRunPath(work.runId)}>{work.title}</TextLink>
      <small>{work.student}</small>
    </div>
  );
}

function End({
  machine: { id, instanceId, state, work },
  course,
}: {
  machine: FleetMachine;
  course: string;
}) {
  if (isEnding(state)) return "is being ended";
  if (work.kind === "other-course") return null;
  return (
    <EndMachineForm machine={{ id, name: instanceId ?? id }} course={course} grades={work.kind === "run"} />
  );
}

const isEnding = (state: FleetMachine["state"]) => state === "draining" || state === "lost";
