export interface Row {
  goal: string;
  /** The figure with its unit, and how many measurements it stands for. */
  figure: string;
  /** null: a figure without a goal. */
  pass: boolean | null;
  /** The figure is the same on every machine: a goal that is missed is a defect, and the command fails. */
  exact?: boolean;
}

/** Nearest-rank percentile of at least one value; p in (0, 100]. */
export function percentile(values: number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] as number;
}

export function printTable(rows: Row[]): void {
  const goal = Math.max(4, ...rows.map((row) => row.goal.length));
  const figure = Math.max(6, ...rows.map((row) => row.figure.length));
  process.stdout.write(`\n${"goal".padEnd(goal)}  ${"figure".padEnd(figure)}  pass\n`);
  process.stdout.write(`${"-".repeat(goal)}  ${"-".repeat(figure)}  ----\n`);
  for (const row of rows) {
    process.stdout.write(
      `${row.goal.padEnd(goal)}  ${row.figure.padEnd(figure)}  ${row.pass === null ? "-" : row.pass ? "yes" : "NO"}\n`,
    );
  }
}

/** Seconds as they are told of several measurements. */
export const inShort = (seconds: number[]): string =>
  `p50 ${percentile(seconds, 50).toFixed(2)} s, p95 ${percentile(seconds, 95).toFixed(2)} s`;
