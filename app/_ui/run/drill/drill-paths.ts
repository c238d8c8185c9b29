import { answeredRates, type DrillSample } from "./drill-moments.ts";

/** The chart's own units: it is as many wide, whatever its width on screen, and as many pixels high. */
export const chartWidth = 1000;
export const chartHeight = 176;
/** Top and bottom of each part. */
export const parts = {
  counts: { top: 8, bottom: 98 },
  failed: { top: 110, bottom: 124 },
  answered: { top: 130, bottom: 154 },
  marks: { top: 160, bottom: 174 },
};

export const series = ["desired", "pods", "ready", "endpoints"] as const;
export type Series = (typeof series)[number];

export interface DrillPaths {
  lines: Record<Series, string>;
  /** One stroke for each sample in which requests failed, higher for more. */
  failed: string;
  answered: string;
  /** The most of each axis. */
  mostPods: number;
  mostAnswered: number;
}

/** A moment's place on the chart. */
export function xAt(atMs: number, durationMs: number): number {
  return durationMs === 0 ? 0 : round((Math.min(atMs, durationMs) / durationMs) * chartWidth);
}

/** A count's place on the chart. */
export function yAt(count: number, most: number): number {
  const { top, bottom } = parts.counts;
  return round(bottom - (count / most) * (bottom - top));
}

/** Everything that is drawn of the samples, as SVG path data. */
export function drillPaths(samples: readonly DrillSample[], durationMs: number): DrillPaths {
  const mostPods = Math.max(1, ...samples.flatMap((sample) => series.map((name) => sample[name])));
  const rates = answeredRates(samples);
  const mostAnswered = Math.max(1, ...rates);
  const { top, bottom } = parts.answered;
  const at = samples.map((sample) => xAt(sample.atMs, durationMs));
  const line = (name: Series) => {
    const shift = shiftOf(name, mostPods);
    return steps(
      at,
      samples.map((sample) => round(yAt(sample[name], mostPods) + shift)),
    );
  };
  const area = steps(
    at,
    rates.map((rate) => round(bottom - (rate / mostAnswered) * (bottom - top))),
  );
  return {
    lines: {
      desired: line("desired"),
      pods: line("pods"),
      ready: line("ready"),
      endpoints: line("endpoints"),
    },
    failed: strokes(samples, at),
    answered: area === "" ? "" : `${area}V${bottom}H${at[0] ?? 0}Z`,
    mostPods,
    mostAnswered,
  };
}

/** Lines that say the same lie side by side, not one over the other, and never nearer to another count. */
function shiftOf(name: Series, most: number): number {
  const { top, bottom } = parts.counts;
  const apart = Math.min(3, (bottom - top) / most / series.length);
  return (series.indexOf(name) - (series.length - 1) / 2) * apart;
}

/** A line that keeps its height until the next change, to the chart's end. */
function steps(xs: readonly number[], ys: readonly number[]): string {
  let path = "";
  let before: number | undefined;
  for (const [index, y] of ys.entries()) {
    if (y === before) continue;
    path += before === undefined ? `M${xs[index]} ${y}` : `H${xs[index]}V${y}`;
    before = y;
  }
  return path === "" ? "" : `${path}H${chartWidth}`;
}

function strokes(samples: readonly DrillSample[], at: readonly number[]): string {
  const most = Math.max(1, ...samples.map((sample) => sample.failed));
  const { top, bottom } = parts.failed;
  return samples
    .map(({ failed }, index) =>
      failed === 0
        ? ""
        : `M${at[index]} ${bottom}V${round(bottom - (bottom - top) * (0.5 + failed / most / 2))}`,
    )
    .join("");
}

/** Counts that the axis names: all while they are few, else none, half and most. */
export function axisCounts(most: number): number[] {
  if (most <= 4) return Array.from({ length: most + 1 }, (_, count) => count);
  return most % 2 === 0 ? [0, most / 2, most] : [0, most];
}

const round = (value: number) => Math.round(value * 10) / 10;
