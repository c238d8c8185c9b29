import { type Image, paginateDescribeImages } from "@aws-sdk/client-ec2";
import { abortable } from "../../abortable.ts";
import type { Ec2Api } from "../ec2-api.ts";
import { readTags, tagKeys } from "../tags.ts";
import { asImageError } from "./image-error.ts";

/** An image of the installation, as drydock machine-image made it. */
export interface AccountImage {
  imageId: string;
  name: string;
  machineKind: string;
  /** The hash of the recipe that it was made by. */
  recipe: string;
  madeAt: Date;
  /** pending: it is being made; failed: it never will be. */
  state: "pending" | "available" | "failed";
  /** Of its disk. */
  sizeGiB: number;
  snapshotIds: string[];
}

/**
 * The installation's own images, the newest first: those of other accounts and of other installations, and what has not
 * all of our tags, are not looked at. Throws ImageError.
 */
export async function listImages(
  api: Ec2Api,
  installation: string,
  signal?: AbortSignal,
): Promise<AccountImage[]> {
  const pages = paginateDescribeImages(
    { client: api.reading },
    { Owners: ["self"], Filters: [{ Name: `tag:${tagKeys.installation}`, Values: [installation] }] },
    abortable(signal),
  );
  const found: AccountImage[] = [];
  try {
    for await (const { Images } of pages)
      for (const image of Images ?? []) {
        const read = readImage(image);
        if (read !== null) found.push(read);
      }
  } catch (error) {
    throw asImageError(error, "The machine images could not be listed", signal);
  }
  return found.sort((a, b) => b.madeAt.getTime() - a.madeAt.getTime());
}

function readImage(image: Image): AccountImage | null {
  const { machineKind, recipe } = readTags(image.Tags);
  if (image.ImageId === undefined || machineKind === undefined || recipe === undefined) return null;
  const disks = (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs ?? []);
  return {
    ...{ imageId: image.ImageId, name: image.Name ?? image.ImageId, machineKind, recipe },
    madeAt: new Date(image.CreationDate ?? 0),
    state: stateOf(image.State),
    sizeGiB: disks.reduce((sum, { VolumeSize }) => sum + (VolumeSize ?? 0), 0),
    snapshotIds: disks.flatMap(({ SnapshotId }) => SnapshotId ?? []),
  };
}

const stateOf = (state: Image["State"]): AccountImage["state"] =>
  state === "available" || state === "pending" ? state : "failed";
