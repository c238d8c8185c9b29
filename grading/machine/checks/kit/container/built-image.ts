import { randomBytes } from "node:crypto";
import type { CheckContext } from "../define-check.ts";

/** With which the names of all images that docker/build makes begin. */
export const buildRepository = "drydock-build/";

/** A name for an image that is built: one that no Dockerfile can know, so that none names another's image. */
export const buildTag = () => `${buildRepository}${randomBytes(16).toString("hex")}:latest`;

/**
 * Tag of the image of a docker/build check. The exercise's reader made that check a need of the one that asks, so a
 * missing image is a mistake of ours.
 */
export function builtImage(context: CheckContext, build: string | undefined): string {
  const id = build ?? [...context.builtImages.keys()][0];
  const image = id === undefined ? undefined : context.builtImages.get(id);
  if (image === undefined) throw new Error(`No image was built by ${build ?? "any docker/build check"}.`);
  return image;
}
