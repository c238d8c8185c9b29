import type { StaffMachine, StaffRunView } from "#app/_server/queries/run/staff-run.ts";
import { staffRunPath } from "#app/_ui/addresses.ts";
import { titleOf } from "#grading/machines/machine-kind.ts";
import { formatSeconds, formatUsd, plural } from "../format.ts";
import { TextLink } from "../page/links.tsx";
import { Facts, Panel } from "../page/panel.tsx";
import { stateWord } from "../state/state-tag.tsx";
import { ZonedTime, type Zones } from "../time/zoned-time.tsx";

/** What only staff see of a run besides its output: the machines, the attempts. */
export function StaffRunFacts({ staff, zones }: { staff: StaffRunView; zones: Zones }) {
  return (
    <>
      {staff.machines.map((machine) => (
        <MachinePanel key={machine.id} machine={machine} zones={zones} />
      ))}
      <Panel title="Run">
        <Facts
          rows={[
            { name: "Student", value: `${staff.student.name} (${staff.student.email})` },
            { name: "Section", value: staff.student.section ?? "none" },
            {
              name: "Exercise version",
              value: <span className="mono">{staff.versionHash.slice(0, 16)}</span>,
            },
            { name: "Platform faults", value: String(staff.platformFaults) },
            { name: "Checks that broke", value: String(staff.checkFaults) },
            { name: "Attempts", value: attemptsText(staff) },
            { name: "Runs of this submission", value: <Siblings staff={staff} /> },
          ]}
        />
      </Panel>
    </>
  );
}

function attemptsText({ claims }: StaffRunView): string {
  if (claims.length === 0) return "none yet";
  return claims
    .map((claim) => `${claim.attempt}: ${claim.outcome ?? "under way"} (worker ${claim.worker})`)
    .join("; ");
}

function Siblings({ staff }: { staff: StaffRunView }) {
  return (
    <>
      {plural(staff.siblings.length, "run")}:{" "}
      {staff.siblings.map((run, index) => (
        <span key={run.id}>
          {index > 0 ? ", " : ""}
          <TextLink href={staffRunPath(run.id)}>
            run {run.number}: {stateWord(run.state).toLowerCase()}
            {run.counts ? " (counts)" : ""}
          </TextLink>
        </span>
      ))}
    </>
  );
}

/** What it cost until this run took it is in no run's cost. */
function poolWords({ seconds, costUsd }: NonNullable<StaffMachine["pool"]>): string {
  const waited = formatSeconds(Math.max(0, seconds));
  return costUsd === null
    ? waited
    : `${waited}, ${formatUsd(costUsd)} until this run took it, which no run bears`;
}

function MachinePanel({ machine, zones }: { machine: StaffMachine; zones: Zones }) {
  const instance = machine.instanceId ?? "not launched yet";
  return (
    <Panel title={`Machine of attempt ${machine.attempt ?? "?"}`} aside={<span>{machine.state}</span>}>
      <Facts
        rows={[
          { name: "Machine", value: <span className="mono">{machine.id}</span> },
          { name: "Instance", value: <span className="mono">{`${machine.provider} ${instance}`}</span> },
          { name: "Made for", value: titleOf(machine.machineKind) },
          {
            name: "Boot",
            value: machine.bootSeconds === null ? "not ready yet" : formatSeconds(machine.bootSeconds),
          },
          ...(machine.pool === null ? [] : [{ name: "Waited in the pool", value: poolWords(machine.pool) }]),
          { name: "Lease until", value: <ZonedTime iso={machine.leaseUntil} zones={zones} seconds /> },
          {
            name: "Ended",
            value: machine.terminatedAt ? (
              <>
                <ZonedTime iso={machine.terminatedAt} zones={zones} seconds />
                {machine.endReason ? `: ${machine.endReason}` : ""}
              </>
            ) : (
              "still there"
            ),
          },
          {
            name: "Cost",
            value: `${machine.costUsd === null ? "not settled" : formatUsd(machine.costUsd)} at ${formatUsd(machine.usdPerHour)} an hour`,
          },
        ]}
      />
    </Panel>
  );
}
