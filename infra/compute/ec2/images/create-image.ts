import { setTimeout as sleep } from "node:timers/promises";
import { CreateImageCommand, DescribeImagesCommand, type Image } from "@aws-sdk/client-ec2";
import { abortable } from "../../abortable.ts";
import { asApiFailure } from "../api-errors.ts";
import type { Ec2Api } from "../ec2-api.ts";
import { writeTags } from "../tags.ts";
import type { Patience } from "./follow-builder.ts";
import { asImageError, ImageError } from "./image-error.ts";
import { removeImage } from "./prune-images.ts";

export interface NewImage {
  instanceId: string;
  installation: string;
  deployment: string;
  machineKind: string;
  recipe: string;
  now: Date;
  /** Such as versions of what is in it. */
  description: string;
}

/**
 * Makes an image of a stopped instance and waits until it can be launched. Its tags and those of its snapshots are
 * written by the same call. One that does not become what it should is removed again. Throws ImageError, AbortError.
 */
export async function createImage(
  api: Ec2Api,
  what: NewImage,
  options: {
    patience: Patience;
    onWait(): void;
    /** What could not be removed again, as a sentence. */
    onLeft(sentence: string): void;
    signal?: AbortSignal;
  },
): Promise<string> {
  const { installation, deployment, machineKind, recipe } = what;
  const name = nameOf(what);
  const Tags = [
    ...writeTags({ installation, deployment, machineKind, recipe }),
    { Key: "Name", Value: name },
  ];
  let imageId: string | undefined;
  try {
    const made = await api.reading.send(
      new CreateImageCommand({
        InstanceId: what.instanceId,
        Name: name,
        Description: what.description.slice(0, 255),
        TagSpecifications: (["image", "snapshot"] as const).map((ResourceType) => ({ ResourceType, Tags })),
      }),
    );
    imageId = made.ImageId;
  } catch (error) {
    // It has no client token: where the reply was lost, the client's second try finds its own image by the name.
    if (asApiFailure(error)?.code !== "InvalidAMIName.Duplicate")
      throw asImageError(error, "The image could not be made of the builder's disk");
    imageId = (await findByName(api, name))?.ImageId;
  }
  if (imageId === undefined) throw new ImageError("machine-image-failed", "EC2 named no image.");
  try {
    await untilAvailable(api, imageId, options);
    return imageId;
  } catch (error) {
    // Why something stays must not hide why the image failed.
    await removeAgain(api, imageId).catch((left: unknown) => options.onLeft(String(left)));
    throw error;
  }
}

async function untilAvailable(
  api: Ec2Api,
  imageId: string,
  { patience, onWait, signal }: { patience: Patience; onWait(): void; signal?: AbortSignal },
): Promise<void> {
  const began = performance.now();
  for (;;) {
    signal?.throwIfAborted();
    const image = await findById(api, imageId, signal);
    const waited = performance.now() - began;
    if (image?.State === "available") return;
    if (image === undefined ? waited > patience.showMs : image.State !== "pending")
      throw new ImageError(
        "machine-image-failed",
        `The image ${imageId} did not come to be: ${image?.StateReason?.Message ?? image?.State ?? "it is gone"}.`,
      );
    if (waited > patience.imageMs)
      throw new ImageError(
        "machine-image-failed",
        `The image ${imageId} was not ready within ${Math.round(patience.imageMs / 60_000)} minutes.`,
      );
    onWait();
    await sleep(patience.everyMs, undefined, { signal });
  }
}

async function findById(api: Ec2Api, imageId: string, signal?: AbortSignal): Promise<Image | undefined> {
  try {
    const { Images } = await api.reading.send(
      new DescribeImagesCommand({ Owners: ["self"], Filters: [{ Name: "image-id", Values: [imageId] }] }),
      abortable(signal),
    );
    return Images?.[0];
  } catch (error) {
    throw asImageError(error, `The image ${imageId} could not be looked at`, signal);
  }
}

async function findByName(api: Ec2Api, name: string): Promise<Image | undefined> {
  const { Images } = await api.reading.send(
    new DescribeImagesCommand({ Owners: ["self"], Filters: [{ Name: "name", Values: [name] }] }),
  );
  return Images?.[0];
}

async function removeAgain(api: Ec2Api, imageId: string): Promise<void> {
  const image = await findById(api, imageId);
  const snapshotIds = (image?.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
  await removeImage(api, { imageId, snapshotIds });
}

/** Once only in an account; of letters, digits and what else EC2 takes there. */
const nameOf = ({ machineKind, recipe, now, instanceId }: NewImage) =>
  `drydock-${machineKind.replace(/[^a-zA-Z0-9]+/g, "-")}-${recipe.slice(0, 12)}-${now.toISOString().replace(/[^0-9TZ]/g, "")}-${instanceId.slice(-6)}`;
