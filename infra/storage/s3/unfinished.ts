import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListPartsCommand,
  type ListPartsCommandOutput,
  type MultipartUpload,
} from "@aws-sdk/client-s3";
import type { StoredFile } from "#grading/submissions/ports.ts";
import type { Bucket } from "./bucket.ts";
import { isUploadGone } from "./s3-errors.ts";

/** Multipart uploads that were begun and neither completed nor given up. Each key is NAME?UPLOAD. */
export async function* unfinishedUploads(bucket: Bucket): AsyncGenerator<StoredFile> {
  for await (const page of pages(bucket)) {
    for (const upload of page.Uploads ?? []) {
      const writtenAt = await lastWrittenAt(bucket, upload);
      if (writtenAt !== null) yield { key: `${upload.Key}?${upload.UploadId}`, writtenAt };
    }
  }
}

/** By hand: the SDK has no paginator for it. */
async function* pages(bucket: Bucket): AsyncGenerator<ListMultipartUploadsCommandOutput> {
  const input = { Bucket: bucket.name, Prefix: bucket.prefix };
  let from: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | null = {};
  while (from !== null) {
    const page: ListMultipartUploadsCommandOutput = await bucket.client
      .send(new ListMultipartUploadsCommand({ ...input, ...from }))
      .catch((error: unknown) => {
        throw bucket.failed("s3:ListBucketMultipartUploads", error);
      });
    yield page;
    const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = page;
    from = IsTruncated ? { KeyMarker: NextKeyMarker, UploadIdMarker: NextUploadIdMarker } : null;
  }
}

export async function removeUpload(bucket: Bucket, { key, writtenAt }: StoredFile): Promise<boolean> {
  const cut = key.indexOf("?");
  const [Key, UploadId] = [key.slice(0, cut), key.slice(cut + 1)];
  if (cut < 0 || !Key.startsWith(bucket.prefix))
    throw new RangeError(`Not an upload: ${JSON.stringify(key)}.`);
  for await (const now of unfinishedUploads(bucket)) {
    if (now.key !== key) continue;
    if (now.writtenAt.getTime() !== writtenAt.getTime()) return false;
    return abort(bucket, Key, UploadId);
  }
  return false;
}

async function abort(bucket: Bucket, Key: string, UploadId: string): Promise<boolean> {
  try {
    await bucket.client.send(new AbortMultipartUploadCommand({ Bucket: bucket.name, Key, UploadId }));
    return true;
  } catch (error) {
    if (isUploadGone(error)) return false;
    throw bucket.failed("s3:AbortMultipartUpload", error);
  }
}

/** When its last part arrived, or else it was begun; null: it ended meanwhile. */
async function lastWrittenAt(
  bucket: Bucket,
  { Key, UploadId, Initiated }: MultipartUpload,
): Promise<Date | null> {
  let last = Initiated ?? null;
  try {
    for await (const { Parts = [] } of partPages(bucket, { Bucket: bucket.name, Key, UploadId })) {
      for (const { LastModified } of Parts) {
        if (LastModified !== undefined && (last === null || LastModified > last)) last = LastModified;
      }
    }
    return last;
  } catch (error) {
    if (isUploadGone(error)) return null;
    throw bucket.failed("s3:ListMultipartUploadParts", error);
  }
}

/** By hand: the SDK's paginator goes on for ever where the last page has a marker too. */
async function* partPages(
  bucket: Bucket,
  input: { Bucket: string; Key: string | undefined; UploadId: string | undefined },
): AsyncGenerator<ListPartsCommandOutput> {
  let from: { PartNumberMarker?: string | undefined } | null = {};
  while (from !== null) {
    const page: ListPartsCommandOutput = await bucket.client.send(
      new ListPartsCommand({ ...input, ...from }),
    );
    yield page;
    from = page.IsTruncated ? { PartNumberMarker: page.NextPartNumberMarker } : null;
  }
}
