import { cancelRefusals } from "#grading/runs/cancel-run.ts";
import { rerunRefusals } from "#grading/runs/rerun-run.ts";
import { otherPersonCode, otherPersonSentence } from "./upload/other-person.ts";

const byCode: Record<string, string> = {
  ...rerunRefusals,
  ...cancelRefusals,
  [otherPersonCode]: otherPersonSentence,
  // All that these pages offer a student and the permission can refuse is to have a run graded again.
  forbidden: rerunRefusals["result-stands"],
};

/** What a page says of the act that it was answered with, by the code in its address; null: of none. */
export function refusedSentence(code: string | string[] | undefined): string | null {
  if (typeof code !== "string") return null;
  return Object.hasOwn(byCode, code) ? (byCode[code] ?? null) : "It was refused. Try again, or ask staff.";
}
