import { z } from "zod";

/** What GET /api/runs/:id answers, as far as the demo prints it. */
export const runAnswer = z.object({
  run: z.object({
    state: z.string(),
    score: z.number().nullable(),
    maxScore: z.number().nullable(),
    reason: z.string().nullable(),
    queuedAt: z.string(),
  }),
  checks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      /** null for a check that a cancelled or not gradable run never reached. */
      verdict: z.string().nullable(),
      points: z.number(),
      maxPoints: z.number(),
      message: z.object({ expected: z.string(), happened: z.string(), fix: z.string() }).nullable(),
    }),
  ),
  receipt: z.object({ sha256: z.string(), receivedAt: z.string(), jws: z.string() }),
  machine: z
    .object({ provider: z.string(), state: z.string(), seconds: z.number(), costUsd: z.number() })
    .nullable(),
  road: z.object({
    queuedAt: z.string(),
    bootingAt: z.string().nullable(),
    runningAt: z.string().nullable(),
    finishedAt: z.string().nullable(),
  }),
});
export type RunAnswer = z.infer<typeof runAnswer>;

export interface Timings {
  setupMs: number;
  uploadMs: number;
  queueMs: number;
  bootMs: number;
  gradeMs: number;
  totalMs: number;
}

/** Milliseconds of each stretch of the road, from the run's own instants. A stretch that was not reached is 0. */
export function roadTimings(answer: RunAnswer): Pick<Timings, "queueMs" | "bootMs" | "gradeMs"> {
  const at = (instant: string | null) => (instant === null ? null : Date.parse(instant));
  const between = (from: number | null, to: number | null) =>
    from === null || to === null ? 0 : Math.max(0, to - from);
  const booting = at(answer.road.bootingAt);
  const running = at(answer.road.runningAt);
  return {
    queueMs: between(at(answer.road.queuedAt), booting),
    bootMs: between(booting, running),
    gradeMs: between(running, at(answer.road.finishedAt)),
  };
}

/** The demo's one line of JSON. */
export function demoJson(answer: RunAnswer, timings: Timings): string {
  const { run, receipt, machine } = answer;
  return JSON.stringify({
    run: { state: run.state, score: run.score, maxScore: run.maxScore },
    checks: answer.checks.map(({ id, verdict, points }) => ({ id, verdict, points })),
    receipt,
    machine,
    timings,
  });
}

const marks: Record<string, string> = { passed: "✓", failed: "✗", not_graded: "–" };

/** The table of checks, the score, the receipt, the cost and the machine's end, for a person. */
export function demoReport(answer: RunAnswer, timings: Timings): string[] {
  const width = Math.max(5, ...answer.checks.map((check) => check.title.length));
  const { run, receipt, machine } = answer;
  const lines = [
    "",
    `  ${"Check".padEnd(width)}  Points`,
    `  ${"─".repeat(width)}  ───────`,
    ...answer.checks.map(
      (check) =>
        `${marks[check.verdict ?? "not_graded"]} ${check.title.padEnd(width)}  ${`${check.points}`.padStart(3)} / ${check.maxPoints}`,
    ),
    ...answer.checks.flatMap((check) =>
      check.message === null || check.verdict === "passed"
        ? []
        : [
            "",
            `${marks[check.verdict ?? "not_graded"]} ${check.title}`,
            `  expected: ${check.message.expected}`,
            `  happened: ${check.message.happened}`,
            `  fix: ${check.message.fix}`,
          ],
    ),
    "",
    `Score     ${run.score ?? "none"} of ${run.maxScore ?? "?"} (${run.state}${run.reason ? `: ${run.reason}` : ""})`,
    `Receipt   sha256 ${receipt.sha256}, received ${receipt.receivedAt}`,
  ];
  if (machine) {
    lines.push(
      `Cost      $${machine.costUsd.toFixed(6)} for ${machine.seconds.toFixed(1)} s of one machine`,
      `Machine   ${machine.state} (provider ${machine.provider})`,
    );
  }
  const s = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  lines.push(
    `Time      set-up ${s(timings.setupMs)}, upload ${s(timings.uploadMs)}, queue ${s(timings.queueMs)}, boot ${s(timings.bootMs)}, grading ${s(timings.gradeMs)}, total ${s(timings.totalMs)}`,
  );
  return lines;
}
