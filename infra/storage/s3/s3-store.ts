import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { FileMissing, type SweptFileStore } from "#grading/submissions/ports.ts";
import type { BucketSettings } from "#infra/config/bucket.ts";
import { type Bucket, type Credentials, openBucket } from "./bucket.ts";
import { getFile, getNamed } from "./get-file.ts";
import { findName, listNames } from "./list-files.ts";
import { presignTransfer } from "./presign-transfer.ts";
import { putFile } from "./put-file.ts";
import { isCondition, mayHaveBeenDone } from "./s3-errors.ts";
import { deleteName, emptyTrash, trashFile } from "./trash.ts";
import { removeUpload, unfinishedUploads } from "./unfinished.ts";

/** Holds the id of the installation whose files these are. */
const ownerFile = ".installation";

export interface S3Store extends SweptFileStore {
  presign: NonNullable<SweptFileStore["presign"]>;
  /** Ends the connections that are kept open. */
  close(): void;
}

/**
 * Files in a bucket below a prefix. All that goes wrong there is a StorageError that names what to change; what
 * passes by itself is tried again a few times first.
 */
export function createS3Store(
  settings: BucketSettings,
  credentials?: Credentials,
  partBytes?: number,
): S3Store {
  const bucket = openBucket(settings, credentials, partBytes);
  const withoutPrefix = (name: string) => name.slice(bucket.prefix.length);
  return {
    put: async (key, source, rules = {}) => putFile(bucket, key, source, rules),
    get: async (key) => getFile(bucket, key),
    withLocalFile: (key, use) => withCopy(bucket, key, use),
    delete: async (key) => deleteName(bucket, bucket.nameOf(key)),
    presign: async (transfer) => presignTransfer(bucket, transfer),
    async *list(folder) {
      for await (const { key, writtenAt } of listNames(bucket, `${bucket.nameOf(folder)}/`)) {
        yield { key: withoutPrefix(key), writtenAt };
      }
    },
    find: async (key) => {
      const found = await findName(bucket, bucket.nameOf(key));
      return found && { key, writtenAt: found.writtenAt };
    },
    owner: () => readOwner(bucket),
    own: (installation) => writeOwner(bucket, installation),
    trash: async (key, at) => trashFile(bucket, key, at),
    emptyTrash: (trashedBefore) => emptyTrash(bucket, trashedBefore),
    unfinished: () => unfinishedUploads(bucket),
    removeUnfinished: async (part) => removeUpload(bucket, part),
    close: bucket.close,
  };
}

/** A copy in the system's temporary folder, for as long as it is used. */
async function withCopy<Result>(
  bucket: Bucket,
  key: string,
  use: (file: string) => Promise<Result>,
): Promise<Result> {
  const { stream } = await getFile(bucket, key);
  const folder = await mkdtemp(path.join(tmpdir(), "drydock-s3-"));
  try {
    const file = path.join(folder, "file");
    await pipeline(stream, createWriteStream(file, { flags: "wx", mode: 0o600 }));
    return await use(file);
  } finally {
    stream.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}

async function readOwner(bucket: Bucket): Promise<string | null> {
  try {
    const { stream } = await getNamed(bucket, ownerFile, `${bucket.prefix}${ownerFile}`);
    return await text(stream);
  } catch (error) {
    if (error instanceof FileMissing) return null;
    throw error;
  }
}

/** The first to write it wins; whoever lost, or lost only the reply, reads who did. */
async function writeOwner(bucket: Bucket, installation: string): Promise<string> {
  const Key = `${bucket.prefix}${ownerFile}`;
  const input = { Bucket: bucket.name, Key, Body: installation, IfNoneMatch: "*" };
  try {
    await bucket.client.send(new PutObjectCommand(input));
    return installation;
  } catch (error) {
    const owner = isCondition(error) || mayHaveBeenDone(error) ? await readOwner(bucket) : null;
    if (owner !== null) return owner;
    throw bucket.failed("s3:PutObject", error);
  }
}
