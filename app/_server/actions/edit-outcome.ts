import { changedMeanwhile } from "#course/fingerprint.ts";
import type { EditOutcome } from "#infra/db/course/edits/site-rows.ts";
import { type FormState, untouchedForm } from "./form-state.ts";

type Typed = FormState["typed"];

/** What a form says when its thing is another one by now; null: it was done. */
export function whyNotDone(outcome: EditOutcome, typed: Typed = {}): FormState | null {
  if (outcome === "done") return null;
  return outcome === "gone" ? notThere(typed) : { ...untouchedForm, typed, error: changedMeanwhile };
}

export const notThere = (typed: Typed = {}): FormState => ({
  ...untouchedForm,
  typed,
  error: "It is not as it was: somebody removed it or brought it back. Open the page again.",
});
