import type { ReadArchiveOutcome } from "#grading/submissions/archive/read-archive.ts";
import type { ArchiveToList } from "#grading/submissions/ports.ts";

/** What the thread is told. */
export type ArchiveOrder = Omit<ArchiveToList, "userId">;

/** failed: trouble with the disk or of our own, never of the archive's. */
export type ThreadAnswer = { read: ReadArchiveOutcome } | { failed: string };
