import type { RerunRight, StudentRerunView } from "#app/_server/queries/run/student-rerun.ts";

/** Whether the reader is offered it, of a submission with no run under way; the server decides again. */
export function mayRerun(
  right: RerunRight,
  { studentRerunsLeft, noStudentRerun }: StudentRerunView,
): boolean {
  if (right === "never") return false;
  return right === "always" || (studentRerunsLeft !== null && noStudentRerun === null);
}
