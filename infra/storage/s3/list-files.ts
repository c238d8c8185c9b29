import { paginateListObjectsV2 } from "@aws-sdk/client-s3";
import type { StoredFile } from "#grading/submissions/ports.ts";
import type { Bucket } from "./bucket.ts";

/** Every object whose name begins so, page by page, by its whole name. */
export async function* listNames(bucket: Bucket, beginning: string): AsyncGenerator<StoredFile> {
  const pages = paginateListObjectsV2({ client: bucket.client }, { Bucket: bucket.name, Prefix: beginning });
  try {
    for await (const page of pages) {
      for (const { Key, LastModified } of page.Contents ?? []) {
        if (Key !== undefined && LastModified !== undefined) yield { key: Key, writtenAt: LastModified };
      }
    }
  } catch (error) {
    throw bucket.failed("s3:ListBucket", error);
  }
}

/**
 * By a listing too, which says what is wrong and tells a missing bucket from a missing file; what asks for one
 * object's head gets a status alone. The name itself comes first of all that begin with it.
 */
export async function findName(bucket: Bucket, name: string): Promise<StoredFile | null> {
  for await (const first of listNames(bucket, name)) return first.key === name ? first : null;
  return null;
}
