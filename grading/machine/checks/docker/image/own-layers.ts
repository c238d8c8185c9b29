import type Docker from "dockerode";
import type { ImageInspectInfo } from "dockerode";
import { buildRepository } from "../../kit/container/built-image.ts";
import { registryAddress } from "../kit/read-target.ts";

/** What the Dockerfile added to its base image. */
export interface OwnLayers {
  /** How many layers the Dockerfile added, from the top. */
  count: number;
  /** Bytes that it added to the base image. */
  bytes: number;
  /** The base image; null when there is none, as with FROM scratch. */
  base: ImageInspectInfo | null;
}

/** Names that only a submission gives. */
const notBases = [buildRepository, `${registryAddress}/`];

/** What an image adds to the largest other image on the engine that it begins with, which is its base. */
export async function countOwnLayers(docker: Docker, image: ImageInspectInfo): Promise<OwnLayers> {
  const layers = image.RootFS.Layers ?? [];
  let base: ImageInspectInfo | null = null;
  for (const { Id, RepoTags } of await docker.listImages()) {
    // Other images of this submission may be built on each other; bases are named in the catalogue.
    const names = RepoTags ?? [];
    if (Id === image.Id || names.every((name) => notBases.some((start) => name.startsWith(start)))) continue;
    const other = await docker.getImage(Id).inspect();
    const theirs = other.RootFS.Layers ?? [];
    const begins = theirs.length > 0 && theirs.every((layer, index) => layers[index] === layer);
    if (begins && theirs.length > (base?.RootFS.Layers ?? []).length) base = other;
  }
  return {
    count: layers.length - (base?.RootFS.Layers ?? []).length,
    bytes: image.Size - (base?.Size ?? 0),
    base,
  };
}
