import type { ExerciseSpec } from "../../exercises/spec/spec.ts";
import type { CheckOutcome, DrillTimeline } from "../../protocol/messages.ts";
import { boundTimeline } from "../bound-timeline.ts";

/** Characters; the agent cuts at 64 KiB with a notice, so only a forged result is cut here. */
const maxStaffOutput = 70_000;
/** No lease is longer than a day; also what the column can hold. */
const maxDurationMs = 86_400_000;
/**
 * Samples of all timelines of a run: five a second for as long as the longest exercise may take, with room to spare.
 * Each is some 100 bytes of every page that shows the run.
 */
const maxSamples = 40_000;
/** Marks of all timelines of a run. */
const maxMarks = 8_000;

export type VerifiedResult =
  /** In the order of the spec. */
  { outcome: "ok"; checks: CheckOutcome[] } | { outcome: "refused"; why: string };

/**
 * Holds a reported result against the spec: the machine ran a student's code, so it is believed about its own
 * run only, and only within what the exercise allows. why is for staff.
 */
export function verifyResult(spec: ExerciseSpec, reported: readonly CheckOutcome[]): VerifiedResult {
  const byId = new Map(reported.map((check) => [check.id, check]));
  if (byId.size !== reported.length) return refused("A check is reported twice.");
  const unknown = reported.find((check) => !spec.checks.some((wanted) => wanted.id === check.id));
  if (unknown) return refused(`The exercise has no check ${JSON.stringify(unknown.id.slice(0, 80))}.`);
  const checks: CheckOutcome[] = [];
  for (const wanted of spec.checks) {
    const check = byId.get(wanted.id);
    if (!check) return refused(`The check ${wanted.id} is missing.`);
    const problem = problemOf(check, wanted);
    if (problem) return refused(`The check ${wanted.id} ${problem}`);
    checks.push(bounded(check, wanted));
  }
  const samples = total(checks, (timeline) => timeline.samples.length);
  if (samples > maxSamples)
    return refused(`The timelines hold ${samples} samples, not at most ${maxSamples}.`);
  const marks = total(checks, (timeline) => timeline.marks.length);
  if (marks > maxMarks) return refused(`The timelines hold ${marks} marks, not at most ${maxMarks}.`);
  return { outcome: "ok", checks };
}

function problemOf(check: CheckOutcome, wanted: { kind: string; points: number }): string | null {
  if (check.kind !== wanted.kind) return `is of kind ${wanted.kind}, not ${check.kind.slice(0, 80)}.`;
  if (check.maxPoints !== wanted.points) return `is worth ${wanted.points}, not ${check.maxPoints}.`;
  if (!(check.points >= 0 && check.points <= wanted.points)) {
    return `reports ${check.points} points of ${wanted.points}.`;
  }
  switch (check.verdict) {
    case "passed":
      if (check.points !== wanted.points) return "passed without its full points.";
      return check.fault === null ? null : "passed but names a fault.";
    case "failed":
      return check.fault === "student" ? null : "failed, which only a student's fault can cause.";
    case "not_graded":
      if (check.points !== 0) return "was not graded but has points.";
      if (check.fault === "exercise" || check.fault === "platform") return null;
      return "was not graded, which only the exercise or the platform can cause.";
  }
}

/** Title and kind come from the spec: only the outcome is the machine's to say, and only as much as fits. */
function bounded(check: CheckOutcome, wanted: { kind: string; title: string }): CheckOutcome {
  return {
    ...check,
    kind: wanted.kind,
    title: wanted.title,
    points: round(check.points),
    staffOutput: check.staffOutput.slice(0, maxStaffOutput),
    durationMs: Math.min(check.durationMs, maxDurationMs),
    ...(check.timeline === undefined ? {} : { timeline: boundTimeline(check.timeline) }),
  };
}

function total(checks: readonly CheckOutcome[], of: (timeline: DrillTimeline) => number): number {
  return checks.reduce((sum, check) => sum + (check.timeline === undefined ? 0 : of(check.timeline)), 0);
}

function round(points: number): number {
  return Math.round(points * 100) / 100;
}

const refused = (why: string): VerifiedResult => ({ outcome: "refused", why });
