import { CopyObjectCommand, DeleteObjectCommand } from "@aws-sdk/client-s3";
import { FileMissing } from "#grading/submissions/ports.ts";
import type { Bucket } from "./bucket.ts";
import { listNames } from "./list-files.ts";
import { isMissing } from "./s3-errors.ts";

/** Below it the instant of trashing and then the key: an object's own time is that of its copy, by S3's clock. */
const trash = ".trash/";

/** Copies and then deletes: at no moment are the bytes nowhere. Objects of up to 5 GiB. */
export async function trashFile(bucket: Bucket, key: string, at: Date): Promise<void> {
  const Key = `${bucket.prefix}${trash}${instantName(at)}/${key}`;
  const CopySource = `${bucket.name}/${bucket.nameOf(key)}`;
  const copy = new CopyObjectCommand({ Bucket: bucket.name, Key, CopySource });
  await bucket.client.send(copy).catch((error: unknown) => {
    throw isMissing(error) ? new FileMissing(key) : bucket.failed("s3:PutObject", error);
  });
  await deleteName(bucket, bucket.nameOf(key));
}

export async function emptyTrash(bucket: Bucket, trashedBefore: Date): Promise<number> {
  const beginning = `${bucket.prefix}${trash}`;
  let removed = 0;
  for await (const { key: name, writtenAt } of listNames(bucket, beginning)) {
    const trashedAt = instantIn(name.slice(beginning.length)) ?? writtenAt;
    if (trashedAt >= trashedBefore) continue;
    await deleteName(bucket, name);
    removed += 1;
  }
  return removed;
}

export async function deleteName(bucket: Bucket, name: string): Promise<void> {
  await bucket.client
    .send(new DeleteObjectCommand({ Bucket: bucket.name, Key: name }))
    .catch((error: unknown) => {
      // S3 answers that it is gone; other servers say that it was not there.
      if (!isMissing(error)) throw bucket.failed("s3:DeleteObject", error);
    });
}

/** 2024-11-14T20-00-00.000Z: colons would have to be escaped by whoever moves one back. */
const instantName = (at: Date): string => at.toISOString().replaceAll(":", "-");

/** null: somebody put it there by hand, in a place without an instant. */
function instantIn(name: string): Date | null {
  const [, day, hour, minute, second] = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{3}Z)\//.exec(name) ?? [];
  if (day === undefined) return null;
  const instant = new Date(`${day}T${hour}:${minute}:${second}`);
  return Number.isNaN(instant.getTime()) ? null : instant;
}
