import { randomUUID } from "node:crypto";
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  ListObjectsV2Command,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { BucketSettings } from "#infra/config/bucket.ts";
import { createS3Store, type S3Store } from "#infra/storage/s3/s3-store.ts";
import { type S3Server, startS3Server } from "#tests/support/s3-server/start-server.ts";

export interface TestBuckets {
  server: S3Server;
  /** Of a new bucket. */
  newSettings(): Promise<BucketSettings>;
  /** A store of them, by the server's own credentials; closed at the end. */
  open(settings: BucketSettings): S3Store;
  namesLeft(settings: BucketSettings): Promise<string[]>;
  dieHalfWay(settings: BucketSettings, key: string): Promise<void>;
  close(): Promise<void>;
}

export async function startTestBuckets(): Promise<TestBuckets> {
  const server = await startS3Server();
  const { endpoint, region, credentials } = server;
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const stores: S3Store[] = [];
  const open = (settings: BucketSettings) => {
    const store = createS3Store(settings, credentials);
    stores.push(store);
    return store;
  };
  return {
    server,
    open,
    async newSettings() {
      const bucket = `drydock-${randomUUID()}`;
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      return { bucket, prefix: "some/site/", region, endpoint };
    },
    async namesLeft({ bucket, prefix }) {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
      const store = open({ bucket, prefix, region, endpoint });
      const half: string[] = [];
      for await (const { key } of store.unfinished()) half.push(key);
      return [...Contents.map(({ Key = "" }) => Key), ...half]
        .map((name) => name.slice(prefix.length))
        .sort();
    },
    async dieHalfWay({ bucket, prefix }, key) {
      const object = { Bucket: bucket, Key: `${prefix}${key}` };
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(object));
      const Body = Buffer.alloc(5 * 1024 ** 2);
      await client.send(new UploadPartCommand({ ...object, UploadId, PartNumber: 1, Body }));
    },
    async close() {
      for (const store of stores) store.close();
      client.destroy();
      await server.close();
    },
  };
}
