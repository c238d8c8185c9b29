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

/** A zip is read by random access, so an upload is checked as a file of this machine. */
export interface LocalFileStore extends FileStore {
  /** Calls `use` with the path of a file that holds the key's bytes, to be read only. Throws FileMissing. */
  withLocalFile<T>(key: string, use: (file: string) => Promise<T>): Promise<T>;
}
