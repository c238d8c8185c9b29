/** What a builder has said on its console (instance-builder/build.sh). */
export interface BuilderReport {
  /** Such as fetch or packages; null: nothing yet. */
  step: string | null;
  /** Of that step, 0 to 1. */
  fraction: number;
  /** What is being done, in words; null: not said. */
  doing: string | null;
  /** Such as "engine 26.1.5+dfsg1-9". */
  versions: string[];
  outcome: { is: "running" } | { is: "done" } | { is: "failed"; status: string; lastLines: string[] };
}

/** The kernel and systemd write to the console too, also into the middle of a line: what cannot be read is passed over. */
export function readConsole(text: string): BuilderReport {
  const report: BuilderReport = {
    step: null,
    fraction: 0,
    doing: null,
    versions: [],
    outcome: { is: "running" },
  };
  const lastLines: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const said = /drydock-builder: (.*)$/.exec(line)?.[1];
    if (said === undefined) continue;
    const step = /^step ([a-z][a-z0-9-]*)$/.exec(said)?.[1];
    const [, fraction, doing] = /^##drydock ([01](?:\.\d+)?) (.+)$/.exec(said) ?? [];
    const status = /^failed (\d+)$/.exec(said)?.[1];
    if (step !== undefined) Object.assign(report, { step, fraction: 0, doing: null });
    else if (fraction !== undefined && doing !== undefined)
      Object.assign(report, { fraction: Math.min(1, Number(fraction)), doing });
    else if (said.startsWith("version: ")) report.versions.push(said.slice("version: ".length));
    else if (said.startsWith("log: ")) lastLines.push(said.slice("log: ".length));
    else if (said === "done") report.outcome = { is: "done" };
    else if (status !== undefined) report.outcome = { is: "failed", status, lastLines };
  }
  return report;
}

/** What was heard once stays true: EC2's next answer may be older or empty, and keeps only the last 64 KB. */
export function laterOf(before: BuilderReport, now: BuilderReport): BuilderReport {
  if (before.outcome.is !== "running") return before;
  const step = now.step === null ? before : now;
  return {
    ...{ step: step.step, fraction: step.fraction, doing: step.doing, outcome: now.outcome },
    versions: now.versions.length > 0 ? now.versions : before.versions,
  };
}
