/** file: relative to the content folder. */
export interface CourseProblem {
  file: string;
  /** From 1. */
  line: number;
  message: string;
}

/** Line of a file of what the keys lead to. */
export type LineOf = (keys: (string | number)[]) => number;
