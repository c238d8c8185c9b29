import { scaleBand, scaleLinear } from "d3-scale";
import type { ReactNode } from "react";
import { RowsTable } from "../page/rows-table.tsx";
import { Figure } from "./figure.tsx";
import classes from "./plots.module.css";

interface HistogramProps {
  caption: ReactNode;
  label: string;
  /** How often each was chosen, in the order of the axis. */
  bars: { name: string; count: number }[];
  /** What the ends of the axis mean. */
  ends: [low: string, high: string];
}

const [width, height] = [440, 180];
const box = { left: 8, right: 432, top: 18, bottom: 138 };

/** Bars that begin at nothing, each with its number over it. */
export function HistogramPlot({ caption, label, bars, ends }: HistogramProps) {
  const x = scaleBand(
    bars.map(({ name }) => name),
    [box.left, box.right],
  ).padding(0.2);
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const y = scaleLinear([0, most], [box.bottom, box.top]);
  const table = (
    <RowsTable
      label={label}
      rows={bars}
      rowKey={({ name }) => name}
      columns={[
        { name: "Answer", cell: ({ name }) => name },
        { name: "How often", end: true, cell: ({ count }) => <span className="num">{count}</span> },
      ]}
    />
  );
  return (
    <Figure {...{ caption, label, width, height, table }}>
      {bars.map(({ name, count }) => {
        const middle = (x(name) ?? 0) + x.bandwidth() / 2;
        return (
          <g key={name}>
            <rect
              className={classes.bar}
              x={x(name)}
              y={y(count)}
              width={x.bandwidth()}
              height={box.bottom - y(count)}
            />
            {count > 0 ? (
              <text className={classes.value} x={middle} y={y(count) - 5}>
                {count}
              </text>
            ) : null}
            <text className={classes.tick} x={middle} y={box.bottom + 16}>
              {name}
            </text>
          </g>
        );
      })}
      <path className={classes.axis} d={`M${box.left} ${box.bottom}H${box.right}`} />
      <text className={classes.end} x={box.left} y={height - 6}>
        {ends[0]}
      </text>
      <text className={classes.end} data-at="end" x={box.right} y={height - 6}>
        {ends[1]}
      </text>
    </Figure>
  );
}
