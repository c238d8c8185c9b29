import { readFile } from "node:fs/promises";
import type Docker from "dockerode";
import { z } from "zod";

/** What the machine's recipe preloaded. */
const catalogueFile = "/opt/drydock/catalogue.json";
const catalogue = z.object({
  images: z.array(z.object({ name: z.string(), tags: z.array(z.string()).default([]) })),
});

/**
 * Names by which an image can be built FROM, such as python:3.13-slim. Outside of a machine it is what the engine
 * has.
 */
export async function catalogueNames(docker: Docker): Promise<string[]> {
  try {
    const { images } = catalogue.parse(JSON.parse(await readFile(catalogueFile, "utf8")));
    return images.flatMap(({ name, tags }) =>
      tags.map((tag) => (tag.includes(":") ? tag : `${name}:${tag}`)),
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const images = await docker.listImages();
    const names = images.flatMap((image) => image.RepoTags ?? []);
    return names.filter((name) => !name.startsWith("drydock-") && !name.startsWith("<none>"));
  }
}

/** An image of the catalogue, for what a check starts beside the student's: it is in every machine. */
export const plainImage = "busybox:latest";
