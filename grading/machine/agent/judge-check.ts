import type { CheckSpec } from "../../exercises/spec/spec.ts";
import {
  type CheckMessage,
  type CheckOutcome,
  type ShownLines,
  shownLimits,
} from "../../protocol/messages.ts";
import { platformFault } from "../checks/kit/credit/platform-fault.ts";
import type { CheckVerdict } from "../checks/kit/define-check.ts";
import { cleanText } from "./log/clean-text.ts";

const maxStaffChars = 64 * 1024;

/** What a check left beside its verdict. */
export interface CheckLeft {
  staffOutput: string;
  /** Shown to the student when the check failed, and only then. */
  shown: ShownLines[];
}

export const nothingLeft: CheckLeft = { staffOutput: "", shown: [] };

/** What a check said, as the result that Drydock takes: points within bounds, texts within the protocol's. */
export function outcomeOf(
  check: CheckSpec,
  said: CheckVerdict,
  times: { startedAt: Date | null; durationMs: number },
  left: CheckLeft,
): CheckOutcome {
  const message = cleanMessage(said.message, said.verdict === "failed" ? left.shown : []);
  const points =
    said.verdict === "passed"
      ? check.points
      : said.verdict === "failed"
        ? Math.round(Math.min(Math.max(said.points ?? 0, 0), check.points) * 100) / 100
        : 0;
  return {
    id: check.id,
    kind: check.kind,
    title: check.title,
    verdict: said.verdict,
    fault: said.verdict === "passed" ? null : said.verdict === "failed" ? "student" : said.fault,
    points,
    maxPoints: check.points,
    message,
    staffOutput: cleanText(staffOutputOf(said, message, left.staffOutput), maxStaffChars),
    startedAt: times.startedAt?.toISOString() ?? null,
    durationMs: Math.round(times.durationMs),
    ...("timeline" in said && said.timeline ? { timeline: said.timeline } : {}),
  };
}

function cleanMessage(message: CheckMessage, shown: ShownLines[]): CheckMessage {
  return {
    expected: cleanText(message.expected, 4000),
    happened: cleanText(message.happened, 16_000),
    fix: cleanText(message.fix, 4000),
    ...(shown.length === 0 ? {} : { shown: shown.map(cleanShown) }),
  };
}

const cleanShown = ({ title, lines, leftOut }: ShownLines): ShownLines => ({
  title: cleanText(title, shownLimits.titleChars),
  lines: lines.map((line) => cleanText(line, shownLimits.lineChars)),
  leftOut,
});

/** Staff never look in vain for a check that failed: what it left for them, else what the student sees. */
function staffOutputOf({ verdict }: CheckVerdict, message: CheckMessage, staffOutput: string): string {
  if (verdict !== "failed" || staffOutput.trim() !== "") return staffOutput;
  const shown = (message.shown ?? []).flatMap(({ title, lines }) => [`${title}:`, ...lines]);
  return [message.happened, ...shown].join("\n");
}

/** The verdict of a check whose need was not met; null when all were. */
export function judgeNeeds(check: CheckSpec, done: ReadonlyMap<string, CheckOutcome>): CheckVerdict | null {
  const unmet = check.needs.map((id) => done.get(id)).filter((need) => need && need.verdict !== "passed");
  const names = unmet.map((need) => `“${need?.title}”`).join(", ");
  const ungraded = unmet.find((need) => need?.verdict === "not_graded");
  if (unmet.length === 0) return null;
  const message = {
    expected: `This check runs after ${names}.`,
    happened: ungraded
      ? `${names} could not be graded, so this check was not run.`
      : `${names} did not pass, so this check was not run.`,
    fix: ungraded ? "Nothing to fix on your side; staff are told." : `Make ${names} pass first.`,
  };
  return ungraded
    ? { verdict: "not_graded", fault: ungraded.fault === "exercise" ? "exercise" : "platform", message }
    : { verdict: "failed", message };
}

/** The verdict of a check that was still running at its time limit. */
export function timedOut(check: CheckSpec, seconds: number, fault: "student" | "platform"): CheckVerdict {
  const expected = `“${check.title}” ends within ${seconds} s.`;
  const happened = `It was still running after ${seconds} s and was ended.`;
  if (fault === "platform") return platformFault(expected, happened);
  const fix = "Look in the log for the last thing that it did, and make that end sooner.";
  return { verdict: "failed", message: { expected, happened, fix } };
}

/** The verdict of a check for which the run had no time left. */
export const notReached = (check: CheckSpec, seconds: number): CheckVerdict => ({
  verdict: "failed",
  message: {
    expected: `All checks together end within ${seconds} s.`,
    happened: `The checks before “${check.title}” used up all of that time, so it was not run.`,
    fix: "Make the checks that took longest end sooner; their times are shown.",
  },
});

/** The verdict of a check that needs no program of the student's and had less time than it may take. */
export const cutShort = (check: CheckSpec, seconds: number, runSeconds: number): CheckVerdict => ({
  verdict: "failed",
  message: {
    expected: `All checks together end within ${runSeconds} s.`,
    happened: `The checks before “${check.title}” left it ${seconds} s, in which it did not end.`,
    fix: "Make the checks that took longest end sooner; their times are shown.",
  },
});

/** The verdict of a check that threw: never the student's fault. */
export const broken = (check: CheckSpec): CheckVerdict => ({
  verdict: "not_graded",
  fault: "platform",
  message: {
    expected: `“${check.title}” is graded.`,
    happened: "Drydock's own check broke while it graded it.",
    fix: "Nothing to fix on your side.",
  },
});
