import type { Readable } from "node:stream";

/** Where submissions and exercise files live: a folder now, S3 later. Keys are Drydock's own, never a user's text. */
export interface FileStore {
  /** Streams to the key; nothing is visible under it unless the whole stream arrived. */
  put(key: string, source: Readable): Promise<{ bytes: number; sha256: string }>;
  /** Throws FileMissing. */
  get(key: string): Promise<{ stream: Readable; bytes: number }>;
  /** Idempotent; not-found is success. */
  delete(key: string): Promise<void>;
}

export class FileMissing extends Error {
  override readonly name = "FileMissing";
  constructor(readonly key: string) {
    super(`No stored file has the key ${key}.`);
  }
}
