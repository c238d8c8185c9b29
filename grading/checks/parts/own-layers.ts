import type Docker from "dockerode";
import type { ImageInspectInfo } from "dockerode";

export interface OwnLayers {
  /** How many layers the Dockerfile added, from the top. */
  count: number;
  /** Bytes that it added to the base image. */
  bytes: number;
}

/** What an image adds to the largest other image on the engine that it begins with, which is its base. */
export async function countOwnLayers(docker: Docker, image: ImageInspectInfo): Promise<OwnLayers> {
  const layers = image.RootFS.Layers ?? [];
  let base = { layers: 0, bytes: 0 };
  for (const { Id, RepoTags } of await docker.listImages()) {
    // Other images of this submission may be built on each other; bases are named in the catalogue.
    if (Id === image.Id || (RepoTags ?? []).every((tag) => tag.startsWith("drydock-build/"))) continue;
    const other = await docker.getImage(Id).inspect();
    const theirs = other.RootFS.Layers ?? [];
    const begins = theirs.every((layer, index) => layers[index] === layer);
    if (begins && theirs.length > base.layers && theirs.length < layers.length)
      base = { layers: theirs.length, bytes: other.Size };
    if (begins && theirs.length === layers.length) base = { layers: layers.length, bytes: image.Size };
  }
  return { count: layers.length - base.layers, bytes: image.Size - base.bytes };
}
