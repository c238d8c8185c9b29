import type { DrillTimeline } from "../../../../../../protocol/messages.ts";
import type { LoadTotals } from "./steady-load.ts";

type Sample = DrillTimeline["samples"][number];

/**
 * Failed requests in the samples in which they were sent, as messages tell of them: one that gets no answer in time is
 * given up seconds later, when everything may be well again. Of more failures than are kept, only those later moments
 * are known, and the samples stay as they are.
 */
export function placeFailures(
  samples: readonly Sample[],
  load: Pick<LoadTotals, "failed" | "failures">,
): Sample[] {
  if (load.failures.length < load.failed) return [...samples];
  const placed = samples.map((sample) => ({ ...sample, failed: 0 }));
  for (const { atMs } of load.failures) {
    // A sample tells of the time since the one before.
    const sample = placed.find((one) => one.atMs >= atMs) ?? placed.at(-1);
    if (sample) sample.failed += 1;
  }
  return placed;
}
