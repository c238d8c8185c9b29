import { type Image, paginateDescribeImages } from "@aws-sdk/client-ec2";
import { abortable } from "../../abortable.ts";
import type { Ec2Api } from "../ec2-api.ts";
import { debianAccount } from "./debian-account.ts";
import { asImageError, ImageError } from "./image-error.ts";

export interface DebianImage {
  imageId: string;
  name: string;
  /** Such as /dev/xvda. */
  rootDevice: string;
}

/** The newest that Debian itself published for instances of x86. Throws ImageError, also where there is none. */
export async function newestDebian(api: Ec2Api, signal?: AbortSignal): Promise<DebianImage> {
  const pages = paginateDescribeImages(
    { client: api.reading },
    {
      // By the account: anybody can call an image so.
      Owners: [debianAccount],
      Filters: [
        { Name: "name", Values: ["debian-13-amd64-*"] },
        { Name: "state", Values: ["available"] },
      ],
    },
    abortable(signal),
  );
  const found: Image[] = [];
  try {
    for await (const { Images } of pages) found.push(...(Images ?? []));
  } catch (error) {
    throw asImageError(error, "The newest image of Debian could not be looked for", signal);
  }
  const [newest] = found
    .filter(({ ImageId }) => ImageId !== undefined)
    .sort((a, b) => (b.CreationDate ?? "").localeCompare(a.CreationDate ?? ""));
  if (newest?.ImageId === undefined)
    throw new ImageError(
      "machine-image-failed",
      `This region has no image debian-13-amd64-* of Debian's account ${debianAccount}: use a region that has.`,
    );
  return {
    imageId: newest.ImageId,
    name: newest.Name ?? newest.ImageId,
    rootDevice: newest.RootDeviceName ?? "/dev/xvda",
  };
}
