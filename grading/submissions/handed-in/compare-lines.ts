import { diffArrays } from "diff";

/** Runs of lines as they follow each other in the newer text; numbers are from 1. */
export interface LineRun {
  kind: "same" | "removed" | "added";
  /** First line in the older text; of added lines, where they would stand. */
  oldFrom: number;
  newFrom: number;
  lines: number;
}

export type LineComparison =
  | { outcome: "compared"; added: number; removed: number; runs: LineRun[] }
  /** They differ in more than can be found out in the time. */
  | { outcome: "too-different" };

export interface CompareBounds {
  /** Milliseconds. */
  timeout: number;
  /** Lines removed and added at most. */
  mostEdits: number;
}

const usualBounds: CompareBounds = { timeout: 1000, mostEdits: 4000 };

/** Line by line, as `diff` does. */
export function compareLines(
  older: readonly string[],
  newer: readonly string[],
  bounds: CompareBounds = usualBounds,
): LineComparison {
  const changes = diffArrays([...older], [...newer], {
    timeout: bounds.timeout,
    maxEditLength: bounds.mostEdits,
  });
  if (changes === undefined) return { outcome: "too-different" };
  const runs: LineRun[] = [];
  const sums = { same: 0, removed: 0, added: 0 };
  for (const change of changes) {
    const kind = change.added ? "added" : change.removed ? "removed" : "same";
    const lines = change.value.length;
    if (lines === 0) continue;
    const from = { oldFrom: sums.same + sums.removed + 1, newFrom: sums.same + sums.added + 1 };
    runs.push({ kind, ...from, lines });
    sums[kind] += lines;
  }
  return { outcome: "compared", added: sums.added, removed: sums.removed, runs };
}
