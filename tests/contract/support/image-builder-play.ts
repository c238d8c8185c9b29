import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { extract } from "tar-stream";
import type { ImagePlace } from "#infra/compute/ec2/images/image-place.ts";
import { imagesFolder } from "#infra/compute/ec2/images/images-folder.ts";
import type { LocalEc2 } from "#infra/compute/ec2-local/local-ec2.ts";
import type { LaunchedInstance } from "#infra/compute/ec2-local/proxy/launched-instance.ts";
import { createS3Store } from "#infra/storage/s3/s3-store.ts";
import { localApi } from "./ec2-machines.ts";

const bucket = "drydock-images";

/** A place to make images in, with a bucket of its own. */
export async function openTestPlace(local: LocalEc2) {
  const { region, endpoint, credentials } = local;
  const s3 = new S3Client({ region, endpoint, credentials, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const store = createS3Store({ bucket, prefix: imagesFolder, region, endpoint }, credentials);
  const api = localApi(local);
  const place: ImagePlace = {
    ...{ api, store, installation: "ins_1", deployment: "fall", volumeGiB: 16 },
    subnetId: local.network.subnets[0]?.id ?? "",
    securityGroupId: local.network.securityGroupId,
    instanceTypes: ["c6a.large", "c7a.large"],
  };
  return {
    place,
    /** What lies in the bucket. */
    async stored() {
      const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
      return (Contents ?? []).map(({ Key }) => Key);
    },
    close() {
      s3.destroy();
      store.close();
      api.close();
    },
  };
}

/** What a builder was told by its user data. */
export function orderIn({ userData }: LaunchedInstance): Record<string, string> {
  const lines = userData.toString().matchAll(/^([a-z_0-9]+)='([^']*)'$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
}

/** Follows the link as the builder does: the archive's sha256 and the names of what is in it. */
export async function fetchArchive(address: string): Promise<{ sha256: string; names: string[] }> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`The link answers ${answer.status}.`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const names: string[] = [];
  const archive = extract();
  archive.end(gunzipSync(bytes));
  for await (const entry of archive) {
    names.push(entry.header.name);
    entry.resume();
  }
  return { sha256: createHash("sha256").update(bytes).digest("hex"), names };
}

/** Lines as instance-builder/build.sh writes them, among those of a kernel. */
export const consoleOf = (...lines: string[]): string =>
  [
    "[    0.000000] Linux version 6.12",
    ...lines.map((line) => `[   12.3] drydock-builder: ${line}`),
    "",
  ].join("\r\n");
