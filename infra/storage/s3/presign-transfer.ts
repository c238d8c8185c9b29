import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { PresignedRequest, Transfer } from "#grading/submissions/ports.ts";
import type { Bucket } from "./bucket.ts";

/** What S3 takes: a signature of version 4 is good for a week at most. */
const longestSeconds = 7 * 24 * 3600;

/**
 * Signed without a call to S3. Of a PUT the length, that it is write-once and the hash are headers under the
 * signature: whoever leaves one out or changes it is refused. Throws RangeError for a time that S3 does not take.
 */
export async function presignTransfer(bucket: Bucket, transfer: Transfer): Promise<PresignedRequest> {
  const { key, expiresSeconds } = transfer;
  if (!Number.isInteger(expiresSeconds) || expiresSeconds < 1 || expiresSeconds > longestSeconds) {
    throw new RangeError(`A presigned request is good for 1 to ${longestSeconds} whole seconds.`);
  }
  const object = { Bucket: bucket.name, Key: bucket.nameOf(key) };
  try {
    if (transfer.method === "GET") {
      const command = new GetObjectCommand(object);
      return { url: await getSignedUrl(bucket.signer, command, { expiresIn: expiresSeconds }), headers: {} };
    }
    const headers = headersOf(transfer);
    const command = new PutObjectCommand({
      ...object,
      ContentLength: transfer.bytes,
      IfNoneMatch: "*",
      ...(transfer.sha256 !== undefined && { ChecksumSHA256: base64(transfer.sha256) }),
    });
    const names = new Set(Object.keys(headers));
    const url = await getSignedUrl(bucket.signer, command, {
      expiresIn: expiresSeconds,
      signableHeaders: new Set([...names, "host"]),
      // As headers, not as parameters of the address, where S3 would not hold the body against them.
      unhoistableHeaders: names,
    });
    return { url, headers };
  } catch (error) {
    throw bucket.failed("s3:PutObject", error);
  }
}

function headersOf({ bytes, sha256 }: Extract<Transfer, { method: "PUT" }>): Record<string, string> {
  return {
    "content-length": String(bytes),
    "if-none-match": "*",
    ...(sha256 !== undefined && { "x-amz-checksum-sha256": base64(sha256) }),
  };
}

const base64 = (hex: string): string => Buffer.from(hex, "hex").toString("base64");
