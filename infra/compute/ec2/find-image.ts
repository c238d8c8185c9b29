import { paginateDescribeImages } from "@aws-sdk/client-ec2";
import { abortable } from "../abortable.ts";
import { rethrow } from "./api-errors.ts";
import type { Ec2Api } from "./ec2-api.ts";
import { tagKeys } from "./tags.ts";

export interface MachineImageSight {
  imageId: string;
  madeAt: Date;
}

/**
 * The installation's newest image of a recipe, by its hash, that can be launched; null when there is none. Throws
 * LaunchError where the account may not be asked.
 */
export async function findMachineImage(
  api: Ec2Api,
  { installation, recipe }: { installation: string; recipe: string },
  signal?: AbortSignal,
): Promise<MachineImageSight | null> {
  const pages = paginateDescribeImages(
    { client: api.reading },
    {
      // One that somebody else shares with the account is not ours, whatever its tags.
      Owners: ["self"],
      Filters: [
        // Nor one of another Drydock in the account: the controller's rights would not let it be launched.
        { Name: `tag:${tagKeys.installation}`, Values: [installation] },
        { Name: `tag:${tagKeys.recipe}`, Values: [recipe] },
        { Name: "state", Values: ["available"] },
      ],
    },
    abortable(signal),
  );
  let newest: MachineImageSight | null = null;
  try {
    for await (const { Images } of pages)
      for (const { ImageId, CreationDate } of Images ?? []) {
        const madeAt = new Date(CreationDate ?? 0);
        if (ImageId !== undefined && (newest === null || madeAt > newest.madeAt))
          newest = { imageId: ImageId, madeAt };
      }
  } catch (error) {
    rethrow(error, "The machine image could not be looked for");
  }
  return newest;
}
