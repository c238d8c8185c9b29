import type { FleetView } from "#app/_server/queries/fleet/machines.ts";
import type { SpendView } from "#app/_server/queries/fleet/spend.ts";
import { allSubmissionsPath, coursePath, fleetPath, machineImagesPath } from "#app/_ui/addresses.ts";
import { formatSpan, formatUsd, plural } from "../../format.ts";
import { TextLink } from "../../page/links.tsx";
import { News } from "../../page/news.tsx";
import { Notice } from "../../page/notice.tsx";
import { PageHead } from "../../page/page-head.tsx";
import { Panel } from "../../page/panel.tsx";
import { ZonedTime, type Zones } from "../../time/zoned-time.tsx";
import classes from "./fleet.module.css";
import { ForgottenCard } from "./forgotten-card.tsx";
import { HeldAheadCard } from "./held-ahead-card.tsx";
import { MachinesPanel } from "./machines-panel.tsx";
import { QueuePanel } from "./queue-panel.tsx";
import { AssignmentSpendPanel, SpendSums } from "./spend-panel.tsx";
import { SwitchForm } from "./switch-panel.tsx";

interface FleetPageProps {
  fleet: FleetView;
  spend: SpendView;
  course: { slug: string; code: string; title: string };
  deployment: string;
  /** Whether machines are held before deadlines. */
  ahead: boolean;
  /** What the reader has just done. */
  done: keyof typeof news | null;
  zones: Zones;
}

export const news = {
  stopped: "The fleet is stopped: no machine is started until it is started again.",
  drained: "The fleet is stopped, and machines that waited for a run are being ended.",
  resumed: "Machines are started again; runs that wait start by themselves.",
  ended: "The machine is being ended.",
} as const;

/** All machines, what waits for one, what they cost, and the switch that stops them. */
export function FleetPage({ fleet, spend, course, deployment, ahead, done, zones }: FleetPageProps) {
  const { machines, stop, usdPerHour } = fleet;
  const costByNow = machines
    .filter(({ requestedAt }) => requestedAt.startsWith(spend.day))
    .reduce((sum, { costUsd }) => sum + costUsd, spend.today.settledUsd);
  return (
    <>
      <PageHead
        crumbs={[
          { label: course.code, href: coursePath(course.slug) },
          { label: "All submissions", href: allSubmissionsPath(course.slug) },
        ]}
        title="Fleet"
        state={<State fleet={fleet} />}
        actions={
          <>
            <TextLink href={machineImagesPath(course.slug)}>Machine images</TextLink>
            <a href={`${fleetPath(course.slug)}.json`}>As JSON</a>
          </>
        }
      />
      <div className={classes.stack}>
        {done === null ? null : (
          <News key={done} parameter="done">
            <Notice tone="ok">{news[done]}</Notice>
          </News>
        )}
        {stop === null ? null : (
          <Notice tone="warn">
            {stop.by} stopped the fleet on <ZonedTime iso={stop.at} zones={zones} seconds />: “{stop.reason}”.
            No machine is started, and runs wait.
          </Notice>
        )}
        <SpendSums spend={spend} />
        <MachinesPanel machines={machines} course={course.slug} />
        <QueuePanel queue={fleet.queue} waiting={fleet.waiting} stop={stop} />
        <AssignmentSpendPanel assignments={spend.assignments} />
        <div className={classes.sums}>
          <Panel title={stop === null ? "Stop the fleet" : "The fleet is stopped"}>
            <SwitchForm course={course.slug} deployment={deployment} stopped={stop !== null} />
          </Panel>
          <ForgottenCard running={{ machines: machines.length, usdPerHour }} todayUsd={costByNow} />
        </div>
        <HeldAheadCard ahead={ahead} />
      </div>
    </>
  );
}

function State({ fleet }: { fleet: FleetView }) {
  const { stop, machines, fleetMax, states, usdPerHour, today, queue } = fleet;
  return (
    <>
      {stop === null ? null : <b>stopped</b>}
      <span className="num">
        {machines.length} of {plural(fleetMax, "machine")}
      </span>
      {states.map(({ state, machines: count }) => (
        <span key={state} className="num">
          {count} {state}
        </span>
      ))}
      {usdPerHour > 0 ? <span className="num">{formatUsd(usdPerHour)} an hour</span> : null}
      <span className="num">
        {queue.longestSeconds === null
          ? "nothing waits"
          : `${plural(queue.waiting, "run")} ${queue.waiting === 1 ? "waits" : "wait"}, the longest for ${formatSpan(Math.round(queue.longestSeconds))}`}
      </span>
      <span className="num">
        {plural(today.machines, "machine")} today, {plural(today.interrupted, "interruption")}
        {today.lost > 0 ? `, ${today.lost} lost` : ""}
      </span>
    </>
  );
}
