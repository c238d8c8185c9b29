import type { DrillTimeline } from "../protocol/messages.ts";

/** No lease is longer; as in the protocol. */
const longestMs = 3_600_000;
/** No cluster of one machine holds so many pods, nor answers so many requests between two samples. */
const mostOfAnything = 1_000_000;

/**
 * What is kept of a reported timeline: in the order of time, every instant within the drill, every count a number
 * that a page can show. The protocol's schema has limited how much there is.
 */
export function boundTimeline(timeline: DrillTimeline): DrillTimeline {
  const samples = inOrder(timeline.samples).map((sample) => ({
    atMs: sample.atMs,
    desired: count(sample.desired),
    pods: count(sample.pods),
    ready: count(sample.ready),
    endpoints: count(sample.endpoints),
    answered: count(sample.answered),
    failed: count(sample.failed),
  }));
  const marks = inOrder(timeline.marks);
  const last = Math.max(0, samples.at(-1)?.atMs ?? 0, marks.at(-1)?.atMs ?? 0);
  return { durationMs: Math.max(timeline.durationMs, last), samples, marks };
}

function inOrder<Moment extends { atMs: number }>(moments: readonly Moment[]): Moment[] {
  return moments
    .map((moment) => ({ ...moment, atMs: Math.min(moment.atMs, longestMs) }))
    .sort((a, b) => a.atMs - b.atMs);
}

const count = (value: number) => Math.min(value, mostOfAnything);
