export interface Row {
  goal: string;
  /** The figure with its unit, and how many measurements it stands for. */
  figure: string;
  pass: boolean;
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
      `${row.goal.padEnd(goal)}  ${row.figure.padEnd(figure)}  ${row.pass ? "yes" : "NO"}\n`,
    );
  }
}
