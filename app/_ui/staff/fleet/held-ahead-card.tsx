import plot from "../../../../docs/fleet-simulation.svg";
import { Panel } from "../../page/panel.tsx";
import { ScrollBox } from "../../page/scroll-box.tsx";
import classes from "./fleet.module.css";

/** Why machines wait before deadlines, as docs/fleet-capacity.md has it. ahead: whether they do here. */
export function HeldAheadCard({ ahead }: { ahead: boolean }) {
  return (
    <Panel title="Machines that wait before a deadline">
      <p className={classes.line}>
        {ahead
          ? "Here machines are started before many submissions come and ended after them, as the line “deadline-aware” shows."
          : "Here no machine is started for a deadline alone. DRYDOCK_POOL_AHEAD=deadlines changes that."}
      </p>
      <ScrollBox className={classes.plotted} label="The simulation, drawn">
        {/* biome-ignore lint/performance/noImgElement: a drawing of lines, which no optimizer makes smaller */}
        <img
          className={classes.plot}
          src={plot.src}
          width={plot.width}
          height={plot.height}
          alt="Simulated submissions before a deadline, the machines that wait for them if they follow the deadline, if none is held and if a fixed number is, and for each the wait of the slowest of twenty in the last hour and the price of a semester"
          loading="lazy"
        />
      </ScrollBox>
      <p className={classes.dim}>
        A simulated semester of 200 students, with machines on EC2. What was assumed: docs/fleet-capacity.md.
      </p>
    </Panel>
  );
}
