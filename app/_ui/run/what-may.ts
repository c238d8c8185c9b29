import type { CancelRight } from "#app/_server/queries/run/run-page.ts";
import type { RunView } from "#app/_server/queries/run/run-view.ts";
import type { RerunRight, StudentRerunView } from "#app/_server/queries/run/student-rerun.ts";

/**
 * Whether the reader is offered to cancel the run as it is now; the server decides again. What a student could do while
 * it waited stays in its place until it has ended, and says why it cannot be done: no button comes to lie under a hand.
 */
export function cancelOffer(
  right: CancelRight,
  { state, final, byStaff }: Pick<RunView["run"], "state" | "final" | "byStaff">,
): "offered" | "too late" | "not offered" {
  if (final || right === "never") return "not offered";
  if (right === "always") return "offered";
  if (byStaff) return "not offered";
  return state === "queued" ? "offered" : "too late";
}

/** Whether the reader is offered it, of a submission with no run under way; the server decides again. */
export function mayRerun(
  right: RerunRight,
  { studentRerunsLeft, noStudentRerun }: StudentRerunView,
): boolean {
  if (right === "never") return false;
  return right === "always" || (studentRerunsLeft !== null && noStudentRerun === null);
}
