import {
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  paginateDescribeSnapshots,
} from "@aws-sdk/client-ec2";
import { abortable } from "../../abortable.ts";
import { asApiFailure } from "../api-errors.ts";
import type { Ec2Api } from "../ec2-api.ts";
import { describeInstances } from "../list-instances.ts";
import { livingFilters, tagKeys } from "../tags.ts";
import { chooseRemovable, type ImagesInUse } from "./choose-removable.ts";
import { asImageError } from "./image-error.ts";
import { type AccountImage, listImages } from "./list-images.ts";

export interface Pruning {
  images: AccountImage[];
  /** Ids of snapshots that no image has any more: what a removal left that was cut off. */
  snapshotIds: string[];
}

/** A snapshot belongs to no image for a while when both are being made. */
const youngMs = 24 * 3_600_000;

/** What pruning would remove. Throws ImageError. */
export async function planPruning(
  api: Ec2Api,
  options: {
    installation: string;
    keep: number;
    recipes: ImagesInUse["recipes"];
    now: Date;
    signal?: AbortSignal;
  },
): Promise<Pruning> {
  const { installation, keep, recipes, now, signal } = options;
  const images = await listImages(api, installation, signal);
  const running = await runningImages(api, installation, signal);
  const held = new Set(images.flatMap(({ snapshotIds }) => snapshotIds));
  const snapshotIds = await oldSnapshots(api, installation, new Date(now.getTime() - youngMs), signal);
  return {
    images: chooseRemovable(images, keep, { recipes, running }),
    snapshotIds: snapshotIds.filter((id) => !held.has(id)),
  };
}

/** An image first, then its snapshots: what is cut off in between is found by the next pruning. Throws ImageError. */
export async function removeImages(
  api: Ec2Api,
  { images, snapshotIds }: Pruning,
  onRemoved: (what: string) => void = () => {},
  signal?: AbortSignal,
): Promise<void> {
  for (const image of images) {
    await removeImage(api, image, signal);
    onRemoved(image.imageId);
  }
  for (const id of snapshotIds) {
    await removeSnapshot(api, id, signal);
    onRemoved(id);
  }
}

/** Gone already is what was wanted. Throws ImageError. */
export async function removeImage(
  api: Ec2Api,
  { imageId, snapshotIds }: Pick<AccountImage, "imageId" | "snapshotIds">,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await api.reading.send(new DeregisterImageCommand({ ImageId: imageId }), abortable(signal));
  } catch (error) {
    if (!isGone(error)) throw asImageError(error, `The image ${imageId} could not be removed`, signal);
  }
  for (const id of snapshotIds) await removeSnapshot(api, id, signal);
}

async function removeSnapshot(api: Ec2Api, id: string, signal?: AbortSignal): Promise<void> {
  try {
    await api.reading.send(new DeleteSnapshotCommand({ SnapshotId: id }), abortable(signal));
  } catch (error) {
    if (!isGone(error)) throw asImageError(error, `The snapshot ${id} could not be removed`, signal);
  }
}

const isGone = (error: unknown) =>
  /^(InvalidAMIID\.(NotFound|Unavailable)|InvalidSnapshot\.NotFound)$/.test(asApiFailure(error)?.code ?? "");

async function runningImages(api: Ec2Api, installation: string, signal?: AbortSignal): Promise<Set<string>> {
  const living = await describeInstances(api, livingFilters(installation), signal).catch((error: unknown) => {
    throw asImageError(error, "The images of running machines could not be asked for", signal);
  });
  return new Set(living.flatMap(({ ImageId }) => ImageId ?? []));
}

/** Of the installation's images, made before. */
async function oldSnapshots(
  api: Ec2Api,
  installation: string,
  before: Date,
  signal?: AbortSignal,
): Promise<string[]> {
  const Filters = [
    { Name: `tag:${tagKeys.installation}`, Values: [installation] },
    { Name: "tag-key", Values: [tagKeys.recipe] },
  ];
  const found: string[] = [];
  try {
    for await (const { Snapshots } of paginateDescribeSnapshots(
      { client: api.reading },
      { OwnerIds: ["self"], Filters },
      abortable(signal),
    ))
      for (const { SnapshotId, StartTime } of Snapshots ?? [])
        if (SnapshotId !== undefined && StartTime !== undefined && StartTime < before) found.push(SnapshotId);
  } catch (error) {
    throw asImageError(error, "The snapshots of images could not be listed", signal);
  }
  return found;
}
