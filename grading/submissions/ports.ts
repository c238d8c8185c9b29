import type { Readable } from "node:stream";
import type { Clock } from "#course/clock.ts";
import type { EffectiveDeadline } from "#course/deadlines/effective-deadline.ts";
import type { ReceiptSigner } from "#course/receipts/receipt-signer.ts";
import type { Stored } from "#course/stored-json.ts";
import type { SubmissionLimits } from "../exercises/spec/spec.ts";
import type { ReadArchiveOutcome } from "./archive/read-archive.ts";
import type { RefusalCode } from "./refusals/upload-refusal.ts";
import type { StorageQuotas, StorageUse } from "./storage-quota.ts";
import type { TakenWork } from "./taken-work.ts";
import type { UploadsUnderWay } from "./uploads-under-way.ts";

/** Where submissions and exercise files live: a folder or a bucket. Keys are Drydock's own, never a user's text. */
export interface FileStore {
  /**
   * Streams to the key; nothing is visible under it unless the whole stream arrived, and what was there before stays
   * until then. Throws what the source throws, FileTooLarge and FileExists by its rules.
   */
  put(key: string, source: Readable, rules?: PutRules): Promise<{ bytes: number; sha256: string }>;
  /** Throws FileMissing. */
  get(key: string): Promise<{ stream: Readable; bytes: number }>;
  /** Calls `use` with a file of this machine that holds the key's bytes, to be read only: a zip needs random access. */
  withLocalFile<T>(key: string, use: (file: string) => Promise<T>): Promise<T>;
  /** Idempotent; not-found is success. */
  delete(key: string): Promise<void>;
  /** Lets a machine fetch or bring one file by itself; missing where machines cannot reach the store. */
  presign?(transfer: Transfer): Promise<PresignedRequest>;
}

export interface PutRules {
  /** Other bytes than those that the key has already are refused; the same again are success. */
  once?: boolean;
  /** The first byte more ends it. */
  mostBytes?: number;
}

/** A PUT is of exactly these bytes, and never replaces what is there. */
export type Transfer = { key: string; expiresSeconds: number } & (
  | { method: "GET" }
  | {
      method: "PUT";
      bytes: number;
      /** hex */
      sha256?: string;
    }
);

/** Whoever has it may do this one thing until it expires; any other body or header is refused by the store. */
export interface PresignedRequest {
  url: string;
  /** To be sent as they are. */
  headers: Record<string, string>;
}

export interface StoredFile {
  key: string;
  /** When its last byte was written. */
  writtenAt: Date;
}

/** What a sweep needs besides: looking through all that is there, and taking away what can be put back. */
export interface SweptFileStore extends FileStore {
  /** The installation whose files these are; null: none has said so yet. */
  owner(): Promise<string | null>;
  /** Makes it the owner unless there is one; gives who is. */
  own(installation: string): Promise<string>;
  /** Every file whose key begins with the folder, in no order; those that come or go meanwhile may be missing. */
  list(folder: string): AsyncIterable<StoredFile>;
  /** The file as it is now; null when there is none. */
  find(key: string): Promise<StoredFile | null>;
  /** Takes the key away and keeps the bytes aside, from this instant on. Throws FileMissing. */
  trash(key: string, at: Date): Promise<void>;
  /** Removes for good what was trashed before; gives how many. */
  emptyTrash(trashedBefore: Date): Promise<number>;
  /** What was put only in part so far; the keys are no keys of files. */
  unfinished(): AsyncIterable<StoredFile>;
  /** Removes it unless it was written to since; gives whether it did. */
  removeUnfinished(part: StoredFile): Promise<boolean>;
}

/** Thrown by `record` when it is certain that nothing was written: the database was never reached. */
export class NotRecorded extends Error {
  override readonly name = "NotRecorded";
  constructor(cause: unknown) {
    super("The submission was not recorded.", { cause });
  }
}

export class FileMissing extends Error {
  override readonly name = "FileMissing";
  constructor(readonly key: string) {
    super(`No stored file has the key ${key}.`);
  }
}

export class FileExists extends Error {
  override readonly name = "FileExists";
  constructor(readonly key: string) {
    super(`Another file has the key ${key} already.`);
  }
}

export class FileTooLarge extends Error {
  override readonly name = "FileTooLarge";
  constructor(
    readonly key: string,
    readonly mostBytes: number,
  ) {
    super(`The file for the key ${key} has more than ${mostBytes} bytes.`);
  }
}

export interface ArchiveToList {
  /** Whose it is: one student's archives are read one after the other. */
  userId: string;
  /** On this machine's disk. */
  file: string;
  /** For messages. */
  fileName: string;
  limits: SubmissionLimits;
  requiredFiles: string[];
}

/**
 * readArchive without handing files out, where a hostile archive stops nobody else, and under a time limit: past it
 * the outcome is a refusal. Throws for trouble of our own.
 */
export type ListArchive = (archive: ArchiveToList) => Promise<ReadArchiveOutcome>;

/** What submitWork needs from outside. */
export interface SubmitPorts {
  clock: Clock;
  files: FileStore;
  listArchive: ListArchive;
  /** Of the whole process. */
  uploads: UploadsUnderWay;
  store: SubmissionStore;
  quotas: StorageQuotas;
  receiptSigner: ReceiptSigner;
  /** A hint to the workers; never throws, because the run is safe in the database and a sweep finds it. */
  queueRun(runId: string): Promise<void>;
}

export interface SubmissionStore {
  /** The exercise as this user meets it; null when there is none in their courses, or nothing to take work by. */
  findTarget(exerciseId: string, userId: string): Promise<SubmitTarget | null>;
  storageUse(exerciseId: string, userId: string): Promise<StorageUse>;
  /** The submission that this user's key made before; null when it made none. */
  findByKey(userId: string, idempotencyKey: string): Promise<RecordedSubmission | null>;
  /**
   * One transaction: the submission with the student's next number, its receipt, its run, if any, in queued; older queued runs
   * beyond the queue's bound are superseded. "repeated" when the key was recorded meanwhile, "too-fast" when others
   * were; then nothing was written. Throws UploadRefusal when there is no room by now, as other uploads arrived at
   * the same time; then nothing was written either.
   */
  record(
    submission: NewSubmission,
  ): Promise<
    (RecordedSubmission & { outcome: "recorded" | "repeated" }) | { outcome: "too-fast"; opensAt: Date }
  >;
  /** Keeps a refusal for staff, one for each person, exercise, code and hour with their number; gives its id. */
  recordRefusal(refusal: NewRefusal): Promise<string>;
}

export interface SubmitTarget {
  exerciseId: string;
  /** By which a machine grades it; null: it is only collected. */
  exerciseVersionId: string | null;
  /** Of the exercise. */
  title: string;
  spec: Stored<TakenWork>;
  /** <course>/<assignment>/<exercise> */
  path: string;
  assignmentTitle: string;
  /** The user as enrolled in the exercise's course; the receipt names the address. */
  member: { role: "student" | "ta" | "instructor"; email: string };
  /** When this user's last paceHistory submissions to the exercise were received. */
  received: Date[];
  deadline: EffectiveDeadline;
  /** How many hand it in together with this user, and how many have to; null: everybody alone. */
  team: { size: number; least: number } | null;
}

export interface NewSubmission {
  submissionId: string;
  /** null: nothing grades it. */
  run: { id: string; exerciseVersionId: string } | null;
  exerciseId: string;
  userId: string;
  idempotencyKey: string | null;
  fileName: string;
  sha256: string;
  bytes: number;
  files: { path: string; bytes: number }[];
  storageKey: string;
  receivedAt: Date;
  dueAt: Date | null;
  late: boolean;
  receiptJws: string;
  queuedAt: Date;
}

export interface RecordedSubmission {
  submissionId: string;
  exerciseId: string;
  /** 1 for the first submission to the exercise of the student, or of the team for which it was handed in. */
  number: number;
  /** The run that counts; null: it is only collected. */
  runId: string | null;
  sha256: string;
  receivedAt: Date;
  dueAt: Date | null;
  late: boolean;
  receiptJws: string;
}

export interface NewRefusal {
  exerciseId: string;
  userId: string;
  fileName: string;
  /** That had arrived when it was refused. */
  bytes: number;
  /** Of the whole upload, as far as anybody said; null: unknown, but not fewer than had arrived. */
  wholeBytes: number | null;
  code: RefusalCode;
  message: string;
  receivedAt: Date;
}
