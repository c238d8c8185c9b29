import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import type { BucketSettings } from "#infra/config/bucket.ts";
import { checkedKey } from "../storage-key.ts";
import { asStorageError } from "./s3-errors.ts";

/** Where the files lie, and how to speak to it. */
export interface Bucket {
  client: S3Client;
  /** Signs requests that others send: what a client adds to its own body's checksum has no place in them. */
  signer: S3Client;
  name: string;
  settings: BucketSettings;
  /** What a key is called there. Throws RangeError. */
  nameOf(key: string): string;
  /** Of a part of an upload in parts, and what an upload holds in memory. */
  partBytes: number;
  /** Every name of a file of ours begins with it; nothing else is ever looked at. */
  prefix: string;
  /** Names what went wrong in one call: what the caller needs to be allowed, and the error. */
  failed(permission: string, error: unknown): Error;
  close(): void;
}

/** Of a connection that is to be made, of an answer's first byte, and of a socket on which nothing moves. */
const limits = { connectMs: 5_000, answerMs: 60_000, silentMs: 120_000 };
/** With growing waits in between; for what passes by itself: SlowDown, 5xx, a connection that broke. */
const attempts = 4;

/** S3 takes parts from 5 MiB on, 10,000 of them: 80 GB of these. */
const usualPartBytes = 8 * 1024 ** 2;

export type Credentials = NonNullable<S3ClientConfig["credentials"]>;

/** Opens no connection. Without credentials they are found as every AWS tool finds them: environment, profile, role. */
export function openBucket(
  settings: BucketSettings,
  credentials?: Credentials,
  partBytes = usualPartBytes,
): Bucket {
  const { bucket, prefix, region, endpoint } = settings;
  const common = {
    region,
    maxAttempts: attempts,
    // A bucket elsewhere is a setting to put right, not one to follow at each call.
    followRegionRedirects: false,
    requestHandler: {
      connectionTimeout: limits.connectMs,
      socketTimeout: limits.silentMs,
      requestTimeout: limits.answerMs,
      throwOnRequestTimeout: true,
    },
    ...(credentials !== undefined && { credentials }),
    ...(endpoint !== null && { endpoint, forcePathStyle: true }),
  };
  const client = new S3Client(common);
  const signer = new S3Client({ ...common, requestChecksumCalculation: "WHEN_REQUIRED" });
  return {
    client,
    signer,
    name: bucket,
    settings,
    partBytes,
    prefix,
    nameOf: (key) => `${prefix}${checkedKey(key)}`,
    failed: (permission, error) => asStorageError(error, { permission, settings }),
    close: () => {
      client.destroy();
      signer.destroy();
    },
  };
}
