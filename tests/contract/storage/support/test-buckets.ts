import { randomUUID } from "node:crypto";
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { BucketSettings } from "#infra/config/bucket.ts";
import type { Credentials } from "#infra/storage/s3/bucket.ts";
import { createS3Store, type S3Store } from "#infra/storage/s3/s3-store.ts";
import { type S3Server, startS3Server } from "#tests/support/s3-server/start-server.ts";
import { shortPart } from "./store-contract.ts";

export interface TestBuckets {
  /** Of a place that no other test uses. */
  newSettings(): Promise<BucketSettings>;
  /** A store of them with short parts; closed at the end. */
  open(settings: BucketSettings): S3Store;
  namesLeft(settings: BucketSettings): Promise<string[]>;
  dieHalfWay(settings: BucketSettings, key: string): Promise<void>;
  /** Leaves nothing behind. */
  close(): Promise<void>;
}

export interface LocalBuckets extends TestBuckets {
  server: S3Server;
}

/**
 * In the bucket DRYDOCK_TEST_S3_BUCKET, of AWS in AWS_REGION or of the server DRYDOCK_TEST_S3_ENDPOINT, by the
 * credentials that AWS's tools find; without that variable, in a server of this computer.
 */
export async function startTestBuckets(): Promise<TestBuckets> {
  const { DRYDOCK_TEST_S3_BUCKET: bucket, DRYDOCK_TEST_S3_ENDPOINT, AWS_REGION } = process.env;
  if (!bucket) return startLocalBuckets();
  const endpoint = DRYDOCK_TEST_S3_ENDPOINT || null;
  const region = AWS_REGION ?? (endpoint === null ? null : "us-east-1");
  if (region === null) throw new Error("AWS_REGION must say in which region the bucket is.");
  const client = clientOf({ region, endpoint });
  const given: BucketSettings[] = [];
  const buckets = bucketsOf(client, async () => {
    const settings = { bucket, prefix: `drydock-contract/${randomUUID()}/`, region, endpoint };
    given.push(settings);
    return settings;
  });
  return {
    ...buckets,
    close: async () => {
      for (const settings of given) await removeAll(client, buckets, settings);
      await buckets.close();
    },
  };
}

/** A server of its own, and a new bucket each time. */
export async function startLocalBuckets(): Promise<LocalBuckets> {
  const server = await startS3Server();
  const { endpoint, region, credentials } = server;
  const client = clientOf({ region, endpoint }, credentials);
  const newSettings = async () => {
    const bucket = `drydock-${randomUUID()}`;
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    return { bucket, prefix: "some/site/", region, endpoint };
  };
  const buckets = bucketsOf(client, newSettings, credentials);
  return {
    ...buckets,
    server,
    close: async () => {
      await buckets.close();
      await server.close();
    },
  };
}

function clientOf(
  { region, endpoint }: Pick<BucketSettings, "region" | "endpoint">,
  credentials?: Credentials,
): S3Client {
  return new S3Client({
    region,
    ...(endpoint !== null && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
  });
}

function bucketsOf(
  client: S3Client,
  newSettings: TestBuckets["newSettings"],
  credentials?: Credentials,
): TestBuckets {
  const stores: S3Store[] = [];
  const open = (settings: BucketSettings) => {
    const store = createS3Store(settings, credentials, shortPart);
    stores.push(store);
    return store;
  };
  return {
    newSettings,
    open,
    async namesLeft(settings) {
      const { bucket, prefix } = settings;
      // A bucket of this test's own has nothing else in it, also not beside the prefix.
      const where = { Bucket: bucket, ...(credentials === undefined && { Prefix: prefix }) };
      const { Contents = [] } = await client.send(new ListObjectsV2Command(where));
      const half: string[] = [];
      for await (const { key } of open(settings).unfinished()) half.push(key);
      return [...Contents.map(({ Key = "" }) => Key), ...half]
        .map((name) => name.slice(prefix.length))
        .sort();
    },
    async dieHalfWay({ bucket, prefix }, key) {
      const object = { Bucket: bucket, Key: `${prefix}${key}` };
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(object));
      const Body = Buffer.alloc(shortPart);
      await client.send(new UploadPartCommand({ ...object, UploadId, PartNumber: 1, Body }));
    },
    async close() {
      for (const store of stores) store.close();
      client.destroy();
    },
  };
}

async function removeAll(client: S3Client, buckets: TestBuckets, settings: BucketSettings): Promise<void> {
  const store = buckets.open(settings);
  for await (const part of store.unfinished()) await store.removeUnfinished(part);
  for (const name of await buckets.namesLeft(settings))
    await client.send(new DeleteObjectCommand({ Bucket: settings.bucket, Key: `${settings.prefix}${name}` }));
}
