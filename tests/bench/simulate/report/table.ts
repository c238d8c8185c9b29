import type { PolicyFigures, Waits } from "./figures.ts";

/** One line a policy, then what must be 0. */
export function tableOf(figures: readonly PolicyFigures[]): string {
  const head = [
    "policy",
    "wait p50 / p95",
    "last hour",
    "without troubles",
    "dollars",
    "machine hours",
    "of it waiting",
    "at once",
    "interrupted",
  ];
  const lines = figures.map((one) => [
    one.policy,
    inSeconds(one.all),
    inSeconds(one.lastHour),
    inSeconds(one.fairLastHour),
    one.usd.toFixed(2),
    one.machineHours.toFixed(0),
    one.idleHours.toFixed(1),
    `${one.mostAtOnce}`,
    `${one.interrupted}`,
  ]);
  const widths = head.map((name, column) =>
    Math.max(name.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const aligned = (line: string[]) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ");
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [aligned(head), rule, ...lines.map(aligned), "", ...figures.map(soundness)].join("\n");
}

const inSeconds = ({ p50, p95 }: Waits) => `${p50.toFixed(0)} / ${p95.toFixed(0)} s`;

const soundness = (one: PolicyFigures) =>
  `${one.policy}: ${one.all.submissions} graded, ${one.notGradable} not gradable with staff told, ${one.lostRuns} lost, ${one.gradedTwice} graded twice, ${one.lateResultsRefused} late results refused; ${one.secondsPastLease.toFixed(0)} machine-seconds past lease, ${one.machinesLeft} machines left${one.defects === 0 ? "" : `, ${one.defects} transactions broke`}.`;
