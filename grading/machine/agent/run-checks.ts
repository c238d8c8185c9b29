import { performance } from "node:perf_hooks";
import type { CheckSpec } from "../../exercises/spec/spec.ts";
import type { CheckOutcome, RunEvent, RunFault, RunResult } from "../../protocol/messages.ts";
import type { CheckDefinition, CheckVerdict } from "../checks/kit/define-check.ts";
import { checkRegistry } from "../checks/registry.ts";
import { judgeNeeds, nothingLeft, notReached, outcomeOf } from "./judge-check.ts";
import { type CheckRan, type CheckShared, type ChecksRun, runCheck } from "./run-check.ts";

export interface ChecksOutcome {
  outcome: RunResult["outcome"];
  checks: CheckOutcome[];
  /** Of the check that kept the run from being graded: those after it were not run. null when graded. */
  fault: RunFault | null;
}

/** Of all excerpts of a run together, for its result to be taken; a dozen checks may show as much as one may. */
const mostShownChars = 2 * 1024 * 1024;

/** Runs the checks in their order. Throws the signal's reason when it is aborted. */
export async function runChecks(run: ChecksRun): Promise<ChecksOutcome> {
  const deadline = performance.now() + run.spec.timeoutSeconds * 1000;
  const done = new Map<string, CheckOutcome>();
  const showable = { left: mostShownChars };
  const shared: CheckShared = { builtImages: new Map(), values: new Map() };
  for (const check of run.spec.checks) {
    run.signal.throwIfAborted();
    run.emit({ type: "check-started", check: check.id, title: check.title });
    const { outcome, broke } = await runOne(run, check, deadline, done, shared);
    run.signal.throwIfAborted();
    keepWithin(showable, outcome);
    done.set(check.id, outcome);
    run.emit(finished(outcome));
    if (broke)
      return {
        outcome: broke.by === "machine" ? "platform_fault" : "check_fault",
        checks: [...done.values()],
        fault: faultOf(outcome, broke.triedAgain),
      };
  }
  return { outcome: "graded", checks: [...done.values()], fault: null };
}

/** Takes the excerpts off an outcome for which there is no room left. */
function keepWithin(room: { left: number }, { message }: CheckOutcome): void {
  const lines = (message.shown ?? []).flatMap((each) => each.lines);
  const chars = lines.reduce((sum, line) => sum + line.length, 0);
  if (chars > room.left) delete message.shown;
  else room.left -= chars;
}

/**
 * What a check that was not graded says stays in the machine's result: it may quote the machine's own inside, and what
 * a student reads of it is Drydock's to say.
 */
export function finished({
  id,
  title,
  verdict,
  fault,
  points,
  maxPoints,
  durationMs,
  message,
}: CheckOutcome): RunEvent {
  const told = verdict === "not_graded" ? {} : { message };
  return { type: "check-finished", check: id, title, verdict, fault, points, maxPoints, durationMs, ...told };
}

function faultOf(outcome: CheckOutcome, triedAgain: boolean): RunFault {
  const { id, kind, message, staffOutput } = outcome;
  const detail = `${id} (${kind}): ${message.happened}\n${staffOutput}`;
  return { code: "check", check: id, triedAgain, detail };
}

async function runOne(
  run: ChecksRun,
  check: CheckSpec,
  deadline: number,
  done: ReadonlyMap<string, CheckOutcome>,
  shared: CheckShared,
): Promise<CheckRan> {
  const notRun = (said: CheckVerdict): CheckRan => ({
    outcome: outcomeOf(check, said, { startedAt: null, durationMs: 0 }, nothingLeft),
    broke: null,
  });
  const unmet = judgeNeeds(check, done);
  if (unmet) return notRun(unmet);
  if (deadline - performance.now() < 1000) return notRun(notReached(check, run.spec.timeoutSeconds));
  const prepared = prepare(check);
  return "verdict" in prepared ? notRun(prepared) : runCheck(run, check, prepared, deadline, shared);
}

function prepare(check: CheckSpec): CheckVerdict | { definition: CheckDefinition; settings: unknown } {
  const definition = checkRegistry.get(check.kind);
  const parsed = definition?.settings.safeParse(check.with);
  if (definition && parsed?.success) return { definition, settings: parsed.data };
  return {
    verdict: "not_graded",
    fault: "exercise",
    message: {
      expected: `The exercise states “${check.title}” in a way that can be graded.`,
      happened: definition
        ? `Its settings are wrong: ${parsed?.error?.issues[0]?.message ?? "unknown"}.`
        : `There is no kind of check ${check.kind}.`,
      fix: "Nothing to fix on your side; staff are told.",
    },
  };
}
