import type { CancelRight } from "#app/_server/queries/run/run-page.ts";
import type { RunView } from "#app/_server/queries/run/run-view.ts";
import type { RerunRight, StudentRerunView } from "#app/_server/queries/run/student-rerun.ts";

/** Whether the reader is offered to cancel the run as it is now; the server decides again. */
export function mayCancel(right: CancelRight, { state, final, byStaff }: RunView["run"]): boolean {
  if (final || right === "never") return false;
  return right === "always" || (state === "queued" && !byStaff);
}

/** Whether the reader is offered it, of a submission with no run under way; the server decides again. */
export function mayRerun(
  right: RerunRight,
  { studentRerunsLeft, noStudentRerun }: StudentRerunView,
): boolean {
  if (right === "never") return false;
  return right === "always" || (studentRerunsLeft !== null && noStudentRerun === null);
}
