import { finished, PassThrough, type Readable } from "node:stream";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { FileMissing } from "#grading/submissions/ports.ts";
import { StorageError } from "../storage-error.ts";
import type { Bucket } from "./bucket.ts";
import { isMissing } from "./s3-errors.ts";

/** Throws FileMissing. The stream ends with a StorageError where the connection broke, never early as if whole. */
export async function getFile(bucket: Bucket, key: string): Promise<{ stream: Readable; bytes: number }> {
  return getNamed(bucket, key, bucket.nameOf(key));
}

/** The same of what is no key, such as the mark of whose the files are. */
export async function getNamed(
  bucket: Bucket,
  key: string,
  Key: string,
): Promise<{ stream: Readable; bytes: number }> {
  const command = new GetObjectCommand({ Bucket: bucket.name, Key });
  const found = await bucket.client.send(command).catch((error: unknown) => {
    throw isMissing(error) ? new FileMissing(key) : bucket.failed("s3:GetObject", error);
  });
  const { Body, ContentLength } = found;
  if (Body === undefined || ContentLength === undefined) {
    throw new StorageError("other", `S3 answered without the bytes of ${key}, or their number.`, found);
  }
  return { stream: named(bucket, Body as Readable), bytes: ContentLength };
}

/** The body, with its errors named; it is let go of as soon as nobody reads any more. */
function named(bucket: Bucket, body: Readable): Readable {
  const out = new PassThrough({
    destroy(error, done) {
      body.destroy();
      done(error && bucket.failed("s3:GetObject", error));
    },
  });
  // Whoever reads it is told; one that nobody reads must not end the process.
  out.on("error", () => undefined);
  // Also for one that closes without an end and without an error.
  finished(body, { writable: false }, (error) => {
    if (error) out.destroy(error);
  });
  return body.pipe(out);
}
