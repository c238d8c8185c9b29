import type { Tx } from "#infra/db/connection/client.ts";
import type { CourseFiles, CourseProblem } from "./read-course.ts";

/** What one loading has at hand, and what it finds. */
export interface Writing {
  tx: Tx;
  now: Date;
  files: CourseFiles;
  courseId: string;
  /** Rows written or removed so far. */
  changes: number;
  problems: CourseProblem[];
}

/** Adds a problem at the line of course.yaml that the keys lead to. */
export function report(writing: Writing, keys: (string | number)[], message: string) {
  const { spec, lineOf } = writing.files;
  writing.problems.push({ file: `${spec.slug}/course.yaml`, line: lineOf(keys), message });
}
