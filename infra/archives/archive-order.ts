import type { ReadArchiveOutcome } from "#grading/submissions/archive/read-archive.ts";
import type { PickOutcome, WantedFile } from "#grading/submissions/handed-in/pick-files.ts";
import type { HeadBounds, HeadsOutcome } from "#grading/submissions/handed-in/read-heads.ts";
import type { ArchiveToList } from "#grading/submissions/ports.ts";

interface Archive {
  /** On this machine's disk. */
  file: string;
  /** For messages. */
  fileName: string;
}

/** What the thread is told. */
export type ArchiveOrder =
  | ({ task: "list" } & Omit<ArchiveToList, "userId">)
  | ({ task: "heads"; wanted: WantedFile[]; bounds: HeadBounds } & Archive)
  /** One file, piece by piece: each is sent once the one before was taken, which any message says. */
  | ({ task: "send"; wanted: WantedFile } & Archive);

export type ListOrder = Extract<ArchiveOrder, { task: "list" }>;

/** failed: trouble with the disk or of our own, never of the archive's. */
export type ThreadAnswer =
  | { read: ReadArchiveOutcome }
  | { heads: HeadsOutcome }
  | SentPart
  | { failed: string };

/** opens: how many bytes will come; then the pieces; then how it went. */
export type SentPart = { opens: number } | { piece: Uint8Array } | { sent: PickOutcome };
