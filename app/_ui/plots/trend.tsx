import { scaleLinear, scalePoint } from "d3-scale";
import { line } from "d3-shape";
import type { ReactNode } from "react";
import { RowsTable } from "../page/rows-table.tsx";
import { Figure } from "./figure.tsx";
import classes from "./plots.module.css";

export interface TrendSeries {
  name: string;
  /** In the order of the places; null: nothing is known there, and the line has a gap. */
  values: (number | null)[];
}

interface TrendProps {
  caption: ReactNode;
  label: string;
  /** Along the axis, and what they are. */
  places: string[];
  placeName: string;
  range: [from: number, to: number];
  series: TrendSeries[];
}

const [width, height] = [640, 220];
const box = { left: 28, right: 628, top: 12, bottom: 188 };
const marks = ["●", "■", "▲", "◆"];

/** Lines over places in order; told apart by mark and stroke too, not by colour alone. */
export function TrendPlot({ caption, label, places, placeName, range, series }: TrendProps) {
  const x = scalePoint(places, [box.left + 12, box.right - 12]);
  const y = scaleLinear(range, [box.bottom, box.top]);
  const at = (index: number) => x(places[index] ?? "") ?? 0;
  const pathOf = line<number | null>()
    .defined((value) => value !== null)
    .x((_value, index) => at(index))
    .y((value) => y(value ?? 0));
  const rows = places.map((place, index) => ({
    place,
    values: series.map(({ values }) => values[index] ?? null),
  }));
  const table = (
    <RowsTable
      label={label}
      rows={rows}
      rowKey={({ place }) => place}
      columns={[
        { name: placeName, cell: ({ place }) => place },
        ...series.map(({ name }, index) => ({
          name,
          end: true,
          cell: ({ values }: (typeof rows)[number]) => (
            <span className="num">{values[index]?.toFixed(2) ?? "–"}</span>
          ),
        })),
      ]}
    />
  );
  return (
    <Figure
      {...{ label, width, height, table }}
      caption={
        <>
          {caption}{" "}
          {series.map(({ name }, index) => (
            <span key={name} className={classes.key} data-series={index}>
              {marks[index % marks.length]} {name}
            </span>
          ))}
        </>
      }
    >
      {y.ticks(5).map((tick) => (
        <g key={tick}>
          <path className={classes.grid} d={`M${box.left} ${y(tick)}H${box.right}`} />
          <text className={classes.tick} x={box.left - 10} y={y(tick) + 4}>
            {tick}
          </text>
        </g>
      ))}
      {places.map((place, index) => (
        <text key={place} className={classes.tick} x={at(index)} y={box.bottom + 18}>
          {place}
        </text>
      ))}
      {series.map(({ name, values }, which) => (
        <g key={name} className={classes.series} data-series={which}>
          <path className={classes.line} d={pathOf(values) ?? undefined} />
          {values.map((value, index) =>
            value === null ? null : (
              <text key={places[index]} className={classes.mark} x={at(index)} y={y(value) + 4.5}>
                {marks[which % marks.length]}
              </text>
            ),
          )}
        </g>
      ))}
    </Figure>
  );
}
