import type { DrillTimeline } from "#grading/protocol/messages.ts";

export type DrillSample = DrillTimeline["samples"][number];

/** What there was at one moment of a drill. */
export interface DrillMoment {
  desired: number;
  pods: number;
  ready: number;
  endpoints: number;
  /** Over the second before, or since the first sample when that is less. */
  answeredPerSecond: number;
  /** Since the drill's start. */
  answered: number;
  failed: number;
}

/** Milliseconds over which a rate is taken: samples come several times a second and are too few each. */
const rateWindowMs = 1000;

/** The last sample at or before the moment; null before the first one. */
export function momentAt(samples: readonly DrillSample[], atMs: number): DrillMoment | null {
  const index = lastAt(samples, atMs);
  const sample = samples[index];
  if (sample === undefined) return null;
  const { desired, pods, ready, endpoints } = sample;
  const soFar = samples.slice(0, index + 1);
  return {
    desired,
    pods,
    ready,
    endpoints,
    answeredPerSecond: rateAt(samples, index),
    answered: soFar.reduce((sum, one) => sum + one.answered, 0),
    failed: soFar.reduce((sum, one) => sum + one.failed, 0),
  };
}

/** Requests answered a second, at each sample. */
export function answeredRates(samples: readonly DrillSample[]): number[] {
  return samples.map((_, index) => rateAt(samples, index));
}

function rateAt(samples: readonly DrillSample[], index: number): number {
  const until = samples[index]?.atMs ?? 0;
  let answered = 0;
  let from = until;
  // A sample tells of the time since the one before it, so the window begins at a sample that is not counted.
  for (let i = index; i >= 0 && until - from < rateWindowMs; i--) {
    answered += samples[i]?.answered ?? 0;
    from = samples[i - 1]?.atMs ?? 0;
  }
  return until === from ? 0 : (answered * 1000) / (until - from);
}

/** Index of the last one at or before the moment, in the order of time; -1 before the first. */
export function lastAt(moments: readonly { atMs: number }[], atMs: number): number {
  let low = 0;
  let high = moments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((moments[middle]?.atMs ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** A stretch in which nothing was asked for, came or went. Requests are those of the whole stretch. */
export interface DrillStretch extends Omit<DrillSample, "atMs"> {
  fromMs: number;
}

/** The drill as a table reads it: one row for each change. */
export function stretches(samples: readonly DrillSample[]): DrillStretch[] {
  const rows: DrillStretch[] = [];
  for (const { atMs, ...sample } of samples) {
    const row = rows.at(-1);
    if (row && counts.every((count) => row[count] === sample[count])) {
      row.answered += sample.answered;
      row.failed += sample.failed;
    } else {
      rows.push({ fromMs: atMs, ...sample });
    }
  }
  return rows;
}

const counts = ["desired", "pods", "ready", "endpoints"] as const;
