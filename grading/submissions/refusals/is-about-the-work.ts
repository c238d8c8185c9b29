import type { RefusalCode } from "./upload-refusal.ts";

/** Of when, how and how often it was sent, or of room and of the exercise: the same files may be taken later. */
const notOfTheWork: readonly string[] = [
  "upload-cut-off",
  "upload-too-slow",
  "too-many-uploads",
  "person-storage-full",
  "course-storage-full",
  "not-released",
  "deadline-passed",
  "team-too-small",
  "exercise-unreadable",
] satisfies RefusalCode[];

/** Refused for what was in it: sent again without a change, it is refused again. code: a RefusalCode, or another one. */
export function isAboutTheWork(code: string): boolean {
  return !notOfTheWork.includes(code) && code !== "too-many-submissions";
}
