export type RefusalCode =
  | "not-an-archive"
  | "format-not-taken"
  | "empty-archive"
  | "no-files"
  | "path-outside"
  | "path-absolute"
  | "path-bad-name"
  | "entry-link"
  | "entry-device"
  | "entry-own-form"
  | "entry-duplicate"
  | "name-case-differs"
  | "too-many-entries"
  | "too-large-packed"
  | "too-large-unpacked"
  | "ratio-too-high"
  | "headers-too-large"
  | "entries-overlap"
  | "archive-too-slow"
  | "archive-damaged"
  | "missing-required"
  | "upload-cut-off"
  | "upload-too-slow"
  | "too-many-uploads"
  | "person-storage-full"
  | "course-storage-full"
  | "not-released"
  | "deadline-passed"
  | "team-too-small"
  | "exercise-unreadable";

/** Ends the taking of an upload at the first broken rule; message is one sentence for the student. */
export class UploadRefusal extends Error {
  override readonly name = "UploadRefusal";
  constructor(
    readonly code: RefusalCode,
    message: string,
  ) {
    super(message);
  }
}
