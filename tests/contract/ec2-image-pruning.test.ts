import { setTimeout as pause } from "node:timers/promises";
import {
  CreateTagsCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Ec2Api } from "#infra/compute/ec2/ec2-api.ts";
import { listImages } from "#infra/compute/ec2/images/list-images.ts";
import { planPruning, removeImages } from "#infra/compute/ec2/images/prune-images.ts";
import { type TagName, tagKeys, writeTags } from "#infra/compute/ec2/tags.ts";
import { motoApi } from "#infra/compute/ec2-local/moto/moto-api.ts";
import { registerImage } from "#infra/compute/ec2-local/network.ts";
import { withLocalEc2 } from "#tests/support/local-ec2/with-local-ec2.ts";
import { localApi } from "./support/ec2-machines.ts";

const fixture = withLocalEc2();
let api: Ec2Api;
beforeEach(() => {
  api = localApi(fixture.local);
});
afterEach(() => api.close());

/** An image with these tags, and so a snapshot with the same. */
async function made(name: string, tags: Partial<Record<TagName, string | undefined>>): Promise<string> {
  const { endpoint, region } = fixture.local;
  const all = { installation: "ins_1", machineKind: "engine", ...tags };
  const written = Object.fromEntries(writeTags(all).map(({ Key = "", Value = "" }) => [Key, Value]));
  const imageId = await registerImage(motoApi(endpoint, region), { name, tags: written });
  await fixture.ec2.send(
    new CreateTagsCommand({ Resources: await snapshotsOf(imageId), Tags: writeTags(all) }),
  );
  return imageId;
}
/** The emulator tells when an image was made in whole seconds. */
const nextSecond = () => pause(1000 - (Date.now() % 1000));
async function snapshotsOf(imageId: string): Promise<string[]> {
  const { Images } = await fixture.ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }));
  return (Images?.[0]?.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
}
const imageIds = async () => (await listImages(api, "ins_1")).map(({ imageId }) => imageId).sort();
const plan = (changes: { keep?: number; recipe?: string; now?: Date } = {}) =>
  planPruning(api, {
    ...{ installation: "ins_1", keep: changes.keep ?? 1, now: changes.now ?? new Date() },
    recipes: new Map([["engine", changes.recipe ?? "r1"]]),
  });

test("of our images the newest stay, what this version uses and what machines run on; foreign ones are not seen", async () => {
  const used = await made("one", { recipe: "r1" });
  const runs = await made("two", { recipe: "r2" });
  const old = await made("three", { recipe: "r3" });
  const kubernetes = await made("four", { recipe: "r3", machineKind: "engine+kubernetes" });
  await nextSecond();
  const newest = await made("five", { recipe: "r5" });
  await made("of another Drydock", { recipe: "r1", installation: "ins_2" });
  await made("of somebody with our tag alone", { machineKind: undefined });
  await fixture.ec2.send(
    new RunInstancesCommand({
      ...{ ImageId: runs, InstanceType: "c6a.large", MinCount: 1, MaxCount: 1 },
      TagSpecifications: [{ ResourceType: "instance", Tags: writeTags({ installation: "ins_1" }) }],
    }),
  );
  const before = await fixture.ec2.send(new DescribeImagesCommand({ Owners: ["self"] }));
  const [snapshot = ""] = await snapshotsOf(old);

  const planned = await plan();
  expect(planned.images.map(({ imageId }) => imageId)).toEqual([old]);
  expect(planned.snapshotIds).toEqual([]);
  expect(await imageIds()).toHaveLength(5);

  const removed: string[] = [];
  await removeImages(api, planned, (what) => removed.push(what));
  expect(removed).toEqual([old]);
  expect(await imageIds()).toEqual([used, runs, kubernetes, newest].sort());
  const after = await fixture.ec2.send(new DescribeImagesCommand({ Owners: ["self"] }));
  expect(after.Images).toHaveLength((before.Images?.length ?? 0) - 1);
  await expect(
    fixture.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [snapshot] })),
  ).rejects.toMatchObject({ name: "InvalidSnapshot.NotFound" });
  // Somebody was faster.
  await removeImages(api, planned);
});

test("a snapshot that a cut-off removal left is removed a day later", async () => {
  const old = await made("one", { recipe: "r0" });
  const [snapshot = ""] = await snapshotsOf(old);
  await nextSecond();
  await made("two", { recipe: "r1" });
  fixture.local.proxy.faults.fail("DeleteSnapshot", { code: "InvalidParameterValue" });
  await expect(plan().then((planned) => removeImages(api, planned))).rejects.toThrow(snapshot);
  expect(await plan()).toMatchObject({ images: [], snapshotIds: [] });
  const tomorrow = new Date(Date.now() + 25 * 3_600_000);
  expect((await plan({ now: tomorrow })).snapshotIds).toEqual([snapshot]);
});

test("a permission that is missing is named", async () => {
  await made("one", { recipe: "r0" });
  await nextSecond();
  await made("two", { recipe: "r1" });
  fixture.local.proxy.faults.fail("DeregisterImage", {
    ...{ code: "UnauthorizedOperation", status: 403 },
    message: "User: arn:x is not authorized to perform: ec2:DeregisterImage on resource: y",
  });
  const planned = await plan();
  await expect(removeImages(api, planned)).rejects.toThrow(/ec2:DeregisterImage is missing.*ImagesPolicyArn/);
  expect(await imageIds()).toHaveLength(2);
});

test("an image whose tags somebody changed to another installation's is not ours any more", async () => {
  const imageId = await made("one", { recipe: "r0" });
  await fixture.ec2.send(
    new CreateTagsCommand({
      Resources: [imageId],
      Tags: [{ Key: tagKeys.installation, Value: "ins_2" }],
    }),
  );
  expect(await imageIds()).toEqual([]);
});
