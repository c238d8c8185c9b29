import type { Json } from "#course/catalogue/merge-edits.ts";
import type { Tx } from "#infra/db/connection/client.ts";
import type { CourseProblem } from "./course-problem.ts";
import type { CourseFiles } from "./read-course.ts";

/** One thing that a sync does, as people read it. */
export interface CourseChange {
  /** Such as "assignment tutorial-6". */
  subject: string;
  what: "added" | "changed" | "renamed" | "removed";
  fields: { field: string; before: Json; after: Json }[];
}

/** An edit of staff's that stands although the file says something else by now. */
export interface StandingEdit {
  subject: string;
  field: string;
  file: Json;
  site: Json;
}

/** What one sync has at hand, and what it finds. */
export interface Writing {
  tx: Tx;
  now: Date;
  files: CourseFiles;
  courseId: string;
  changes: CourseChange[];
  conflicts: StandingEdit[];
  problems: CourseProblem[];
}

/** Adds a problem at the line of course.yaml that the keys lead to. */
export function report(writing: Writing, keys: (string | number)[], message: string) {
  reportIn(writing, { name: "course.yaml", line: writing.files.lineOf(keys) }, message);
}

/** The same of another file of the course. */
export function reportIn(writing: Writing, { name, line }: { name: string; line: number }, message: string) {
  writing.problems.push({ file: `${writing.files.spec.slug}/${name}`, line, message });
}

export function noteChange(
  writing: Writing,
  subject: string,
  what: CourseChange["what"],
  fields: CourseChange["fields"] = [],
) {
  writing.changes.push({ subject, what, fields });
}
