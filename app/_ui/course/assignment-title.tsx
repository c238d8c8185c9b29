import type { AssignmentLine } from "#app/_server/queries/course/course-page.ts";
import { assignmentPath } from "../addresses.ts";
import { TextLink } from "../page/links.tsx";

/** What an assignment is called, and the way to it; of one that is not released yet only its name. */
export function AssignmentTitle({ line, course }: { line: AssignmentLine; course: string }) {
  if (line.locked) return line.title;
  return <TextLink href={assignmentPath(course, line.slug)}>{line.title}</TextLink>;
}
