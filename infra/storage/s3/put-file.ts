import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AbortMultipartUploadCommand } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { FileExists, FileMissing, type PutRules } from "#grading/submissions/ports.ts";
import { hasContent, type Measured, measure } from "../measure.ts";
import { StorageError } from "../storage-error.ts";
import type { Bucket } from "./bucket.ts";
import { getFile } from "./get-file.ts";
import { isCondition, mayHaveBeenDone } from "./s3-errors.ts";

/**
 * One request for what fits into one part, else a multipart upload, of which nothing is visible before its last
 * request. Only the part under way is in memory.
 */
export async function putFile(
  bucket: Bucket,
  key: string,
  source: Readable,
  rules: PutRules,
): Promise<Measured> {
  const Key = bucket.nameOf(key);
  const { through, measured } = measure(key, rules.mostBytes);
  const upload = new Upload({
    client: bucket.client,
    // One after the other: with several, the others would go on to send all the rest when one has failed.
    queueSize: 1,
    partSize: bucket.partBytes,
    // Done below instead: here a failure of it would hide what went wrong.
    leavePartsOnError: true,
    params: { Bucket: bucket.name, Key, Body: through, ...(rules.once && { IfNoneMatch: "*" }) },
  });
  let sourceError: Error | null = null;
  const sending = upload.done().catch((error: unknown) => {
    // By S3's trouble the reading ends too, but with an AbortError.
    const { errored } = through;
    if ((errored as NodeJS.ErrnoException | null)?.code !== "ABORT_ERR") sourceError = errored;
    through.destroy();
    throw error;
  });
  const [arrived, sent] = await Promise.allSettled([pipeline(source, through), sending]);
  if (sent.status === "fulfilled") return measured();
  await abort(bucket, Key, upload.uploadId);
  if (sourceError !== null) throw sourceError;
  if (arrived.status === "fulfilled" && mayHaveBeenDone(sent.reason)) {
    const there = await whatIsThere(bucket, key, measured());
    if (there === "same") return measured();
    if (isCondition(sent.reason) || (rules.once && there === "other")) throw new FileExists(key);
  }
  throw bucket.failed("s3:PutObject", sent.reason);
}

/**
 * Whatever becomes of it: the upload's own error is the one to be thrown, and what stays is found as unfinished by a
 * later sweep, which says why it cannot remove it.
 */
async function abort(bucket: Bucket, Key: string, uploadId: string | undefined): Promise<void> {
  if (uploadId === undefined) return;
  const command = new AbortMultipartUploadCommand({ Bucket: bucket.name, Key, UploadId: uploadId });
  await bucket.client.send(command).catch(() => undefined);
}

/**
 * A reply may be lost after the work was done, and the next try then meets its own file. "unknown" when it cannot be
 * looked at: the caller's first error says why.
 */
async function whatIsThere(
  bucket: Bucket,
  key: string,
  content: Measured,
): Promise<"same" | "other" | "nothing" | "unknown"> {
  try {
    const { stream, bytes } = await getFile(bucket, key);
    if (bytes === content.bytes) return (await hasContent(key, stream, content)) ? "same" : "other";
    stream.destroy();
    return "other";
  } catch (error) {
    if (error instanceof FileMissing) return "nothing";
    if (error instanceof StorageError && error.retryable) return "unknown";
    throw error;
  }
}
