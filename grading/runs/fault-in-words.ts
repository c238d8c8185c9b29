import type { ExerciseSpec } from "../exercises/spec/spec.ts";
import { facilityCatalogue } from "../machine/facilities/catalogue.ts";
import type { RunFault } from "../protocol/messages.ts";

/** One sentence for everybody, by the fault's code alone, and one for staff that also names check and kind. */
export interface FaultWords {
  reason: string;
  staffReason: string;
}

/**
 * What is told of a fault that a machine reported. fault.detail is in neither: it can hold answers, hidden files and
 * the engine's own words, and is kept where only staff look.
 */
export function faultInWords(
  outcome: "platform_fault" | "check_fault",
  fault: RunFault | null,
  spec: Pick<ExerciseSpec, "checks">,
): FaultWords {
  if (fault === null) return same("The machine could not grade.");
  const check = fault.code === "check" ? spec.checks.find(({ id }) => id === fault.check) : undefined;
  if (check === undefined)
    return same(outcome === "check_fault" && fault.code === "files" ? notUnpacked : sentenceOf(fault.code));
  const said =
    outcome === "platform_fault"
      ? "the machine failed while it graded it."
      : fault.triedAgain
        ? "it broke on what was handed in, and broke again when it was repeated. That costs no points."
        : "it broke on what was handed in. That costs no points.";
  return {
    reason: `The check “${check.title}” could not be judged: ${said}`,
    staffReason: `The check ${check.id} (${check.kind}) could not be judged: ${said}`,
  };
}

const notUnpacked = "What was handed in could not be unpacked in the machine.";

const byCode = new Map([
  ["check", "The machine failed while it graded."],
  ["files", "The machine could not get the files that it was to grade."],
  ["engine", "The machine's Docker engine did not start."],
]);

function sentenceOf(code: RunFault["code"]): string {
  const title = facilityCatalogue.find(({ name }) => name === code)?.title;
  return (
    byCode.get(code) ??
    (title ? `The machine's ${title} did not start.` : "The program in the machine failed.")
  );
}

const same = (reason: string): FaultWords => ({ reason, staffReason: reason });
