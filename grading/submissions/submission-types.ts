import type { Readable } from "node:stream";
import type { RefusalCode } from "./refusals/upload-refusal.ts";

/** One file as it arrives: an archive, or a loose file with its path inside the submission. */
export interface IncomingFile {
  /** As the sender named it: hostile text. */
  name: string;
  stream: Readable;
}

export interface SubmitInput {
  userId: string;
  exerciseId: string;
  /** One archive (zip, tar, tar.gz), or loose files; consumed once, in order, never held in memory. */
  files: AsyncIterable<IncomingFile>;
  /** How many bytes the sender says will come, with what is around the files; null when it does not say. */
  announcedBytes: number | null;
  /** The same key of the same user makes one submission, however often it is sent. */
  idempotencyKey: string | null;
  firstByteAt: Date;
  /** Of those that came so far. */
  lastByteAt: () => Date;
  /** Breaks the reading of the files off, with this error. */
  giveUp?: (error: Error) => void;
}

export interface SubmissionReceipt {
  submissionId: string;
  /** hex, of the bytes as stored. */
  sha256: string;
  receivedAt: Date;
  dueAt: Date | null;
  late: boolean;
  jws: string;
}

export type SubmitOutcome =
  /** repeated: the key was seen before and this is the submission it made. */
  | {
      outcome: "accepted" | "repeated";
      submissionId: string;
      number: number;
      /** null: it is only collected. */
      runId: string | null;
      receipt: SubmissionReceipt;
    }
  /**
   * code: kebab-case and stable; message: one sentence that names the thing, the rule and the fix. Kept for staff as
   * upload_refusal refusalId, by which the exercise's page shows the sentence again.
   */
  | { outcome: "refused"; refusalId: string; code: RefusalCode; message: string }
  /** See upload-pace.ts; nothing was kept. opensAt: when the next one is taken. */
  | { outcome: "too-fast"; opensAt: Date; message: string };
