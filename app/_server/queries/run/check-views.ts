import type { CheckSpec } from "#grading/exercises/spec/spec.ts";
import type { RunEvent } from "#grading/protocol/messages.ts";
import { storedMessage, storedTimeline } from "#grading/runs/results/stored-results.ts";
import { isFinal, type RunReasonCode, type RunState } from "#grading/runs/run-state.ts";
import type { CheckResult } from "#infra/db/generated/client.ts";
import type { CheckView } from "./run-view.ts";

export type CheckEvent = Extract<RunEvent, { type: "check-started" | "check-finished" }>;
export const isCheckEvent = (event: RunEvent): event is CheckEvent =>
  event.type === "check-started" || event.type === "check-finished";
type EndedRun = { state: RunState; reason: string | null; reasonCode: RunReasonCode | null };
type Result = Omit<CheckResult, "id" | "runId" | "attempt" | "position" | "staffOutput" | "startedAt">;

/**
 * Every check of the exercise as far as it got: from its stored result, else from what the machine told so far. A
 * final run leaves none open: what has neither then was not graded. specs: null where the exercise cannot be read;
 * then the results tell which checks there were.
 */
export function checkViews(
  specs: CheckSpec[] | null,
  known: { run: EndedRun; results: Result[]; events: CheckEvent[] },
): CheckView[] {
  const { run } = known;
  if (specs === null) return known.results.map(fromResult);
  const results = new Map(known.results.map((result) => [result.checkId, result]));
  const started = new Set(known.events.map((event) => event.check));
  const finished = new Map(
    known.events.flatMap((event) => (event.type === "check-finished" ? [[event.check, event]] : [])),
  );
  return specs.map(({ id, kind, title, points: maxPoints }): CheckView => {
    const open = {
      id,
      kind,
      title,
      fault: null,
      points: 0,
      maxPoints,
      message: null,
      durationMs: null,
      timeline: null,
    };
    const result = results.get(id);
    if (result) return fromResult(result);
    const event = finished.get(id);
    // Of a run that staff ended its machine's word is all there is: nothing of it counts, but it was so.
    if (isFinal(run.state) && (run.state !== "cancelled" || !event)) return notReached(open, run);
    if (event) {
      const { verdict, points, durationMs, fault = null, message = null } = event;
      return { ...open, progress: "finished", verdict, fault, points, message, durationMs };
    }
    return { ...open, progress: started.has(id) ? "running" : "waiting", verdict: null };
  });
}

function fromResult(result: Result): CheckView {
  return {
    id: result.checkId,
    kind: result.kind,
    title: result.title,
    progress: "finished",
    verdict: result.verdict,
    fault: result.fault,
    points: Number(result.points),
    maxPoints: Number(result.maxPoints),
    message: readMessage(result.message),
    durationMs: result.durationMs,
    timeline: readTimeline(result.timeline),
  };
}

function readMessage(json: unknown): NonNullable<CheckView["message"]> {
  const message = storedMessage.read(json);
  if (message.outcome === "read") return message.value;
  return {
    expected: "",
    happened: "What this check said cannot be read by this version of Drydock; its verdict and points stand.",
    fix: "Ask the staff of your course what it said.",
  };
}

function readTimeline(json: unknown): CheckView["timeline"] {
  if (json === null) return null;
  const timeline = storedTimeline.read(json);
  return timeline.outcome === "read" ? timeline.value : null;
}

function notReached(open: Omit<CheckView, "progress" | "verdict">, run: EndedRun): CheckView {
  const cancelled = run.state === "cancelled";
  return {
    ...open,
    progress: "finished",
    verdict: "not_graded",
    fault: cancelled ? null : "platform",
    message: {
      expected: "This check was to be graded.",
      happened: run.reason ?? "The run ended before it.",
      fix: cancelled
        ? run.reasonCode === "withdrawn"
          ? "Run this submission again, or hand in again."
          : "Hand in again, or ask staff to run this submission again."
        : "There is nothing to fix in your files: the run can be started again.",
    },
  };
}
