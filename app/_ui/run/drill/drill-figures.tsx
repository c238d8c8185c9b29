import { formatPoints } from "../../format.ts";
import classes from "./drill-chart.module.css";
import type { DrillMoment } from "./drill-moments.ts";

const figures = [
  { key: "desired", name: "Asked for", value: (moment) => moment.desired },
  { key: "pods", name: "Pods", value: (moment) => moment.pods },
  { key: "ready", name: "Ready", value: (moment) => moment.ready },
  { key: "endpoints", name: "Addresses", value: (moment) => moment.endpoints },
  { key: "answered", name: "Answered/s", value: (moment) => Math.round(moment.answeredPerSecond * 10) / 10 },
  { key: "failed", name: "Failed", value: (moment) => moment.failed },
] as const satisfies { key: string; name: string; value(moment: DrillMoment): number }[];

/** The chart's key, and beside each name what there was at the moment; null before the first look. */
export function DrillFigures({ moment }: { moment: DrillMoment | null }) {
  return (
    <dl className={classes.figures}>
      {figures.map(({ key, name, value }) => (
        <div key={key}>
          <dt>
            <svg width="22" height="10" aria-hidden className={classes.swatch} data-series={key}>
              <path d={swatches[key]} />
            </svg>
            {name}
          </dt>
          <dd className="num needs-script">
            {moment === null ? "–" : Number(formatPoints(value(moment))).toLocaleString("en-US")}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const line = "M0 5H22";
const swatches: Record<(typeof figures)[number]["key"], string> = {
  desired: line,
  pods: line,
  ready: line,
  endpoints: line,
  answered: "M0 10V6H7V3H14V1H22V10Z",
  failed: "M4 10V2M11 10V0M18 10V4",
};
