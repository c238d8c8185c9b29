import { memo, useMemo } from "react";
import type { DrillTimeline } from "#grading/protocol/messages.ts";
import classes from "./drill-chart.module.css";
import { axisCounts, chartHeight, chartWidth, drillPaths, parts, series, xAt, yAt } from "./drill-paths.ts";

interface DrillChartProps {
  timeline: DrillTimeline;
  /** What a screen reader says in its place. */
  label: string;
}

/**
 * The whole drill: what was asked for and what there was as step lines, failed requests as strokes, answered ones a
 * second as an area, and what happened as ticks. As wide as its box; heights are pixels.
 */
export const DrillChart = memo(function DrillChart({ timeline, label }: DrillChartProps) {
  const { samples, durationMs } = timeline;
  const paths = useMemo(() => drillPaths(samples, durationMs), [samples, durationMs]);
  return (
    <>
      <svg
        className={classes.svg}
        viewBox={`0 0 ${chartWidth} ${chartHeight}`}
        preserveAspectRatio="none"
        height={chartHeight}
        role="img"
        aria-label={label}
      >
        <path className={classes.grid} d={gridLines(paths.mostPods)} />
        <MarkTicks timeline={timeline} />
        <path className={classes.answered} d={paths.answered} />
        {series.map((name) => (
          <path key={name} className={classes.line} data-series={name} d={paths.lines[name]} />
        ))}
        <path className={classes.failed} d={paths.failed} />
      </svg>
      <div className={classes.axis} aria-hidden>
        {axisCounts(paths.mostPods).map((count) => (
          <span key={count} style={{ top: yAt(count, paths.mostPods) }}>
            {count.toLocaleString("en-US")}
          </span>
        ))}
        <span style={{ top: middle(parts.failed) }}>failed</span>
        <span style={{ top: middle(parts.answered) }}>{rateWords(paths.mostAnswered)}</span>
        <span style={{ top: middle(parts.marks) }}>marks</span>
      </div>
    </>
  );
});

function MarkTicks({ timeline: { marks, durationMs } }: Pick<DrillChartProps, "timeline">) {
  const { top, bottom } = parts.marks;
  const ticks = { action: "", event: "", reached: "" };
  for (const { kind, atMs } of marks) {
    // What the drill did is seen in everything above; the rest only in its own row.
    ticks[kind] += `M${xAt(atMs, durationMs)} ${kind === "action" ? 0 : top}V${bottom}`;
  }
  return (
    <>
      {(["event", "reached", "action"] as const).map((kind) => (
        <path key={kind} className={classes.tick} data-kind={kind} d={ticks[kind]} />
      ))}
    </>
  );
}

function gridLines(most: number): string {
  const counts = axisCounts(most).map((count) => yAt(count, most));
  const lines = [...counts, parts.failed.bottom, parts.answered.bottom, parts.marks.bottom];
  return lines.map((y) => `M0 ${y}H${chartWidth}`).join("");
}

const middle = ({ top, bottom }: { top: number; bottom: number }) => (top + bottom) / 2;
const rateWords = (perSecond: number) => `${Math.round(perSecond).toLocaleString("en-US")}/s`;
