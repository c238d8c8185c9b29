import type Docker from "dockerode";
import { execLines } from "./engine/engine-lines.ts";

/** Labels of the layers: what an image is made of, written when it is made. */
const labels = { madeAt: "drydock.made-at", version: "drydock.version." } as const;

/** Names of what is stated, in the order in which people read them. */
export const stated = ["engine", "containerd", "runc", "kubernetes", "debian"] as const;
export type Versions = Partial<Record<(typeof stated)[number], string>>;

/** Lines of an image's configuration that say when its packages were installed; layers above inherit them. */
export function madeAtChanges(now: Date): string[] {
  return [`LABEL ${labels.madeAt}="${now.toISOString()}"`];
}

/** The same of the versions of what matters most, as the builder's container has them. */
export async function versionChanges(docker: Docker, container: Docker.Container): Promise<string[]> {
  const changes: string[] = [];
  const last: string[] = [];
  const status = await execLines({
    docker,
    container,
    command: ["/opt/drydock/boot/versions.sh"],
    env: [],
    onLine: (line) => {
      const [, name, version] = /^([a-z]+) ([\w.+~:-]+)$/.exec(line) ?? [];
      if (name && version) changes.push(`LABEL ${labels.version}${name}="${version}"`);
      else last.push(line);
    },
  });
  if (status !== 0) throw new Error(`Asking for versions ended with status ${status}: ${last.join(" ")}`);
  return changes;
}

export interface ImageFacts {
  /** When its packages were installed. */
  madeAt: Date;
  /** false: it does not say, and what is given is when it was made itself. */
  dated: boolean;
  versions: Versions;
}

/** null when there is no such image. */
export async function readImageFacts(docker: Docker, image: string): Promise<ImageFacts | null> {
  const info = await inspect(docker, image);
  if (info === null) return null;
  const found = info.Config?.Labels ?? {};
  const madeAt = found[labels.madeAt];
  const versions: Versions = {};
  for (const name of stated) {
    const version = found[`${labels.version}${name}`];
    if (version !== undefined) versions[name] = version;
  }
  return { madeAt: new Date(madeAt ?? info.Created), dated: madeAt !== undefined, versions };
}

/** Id of the image that this one was made on, layer by layer: the bare root. null when there is no such image. */
export async function rootOf(docker: Docker, image: string): Promise<string | null> {
  const found = await inspect(docker, image);
  if (found === null) return null;
  return found.Parent ? ((await rootOf(docker, found.Parent)) ?? found.Id) : found.Id;
}

/**
 * Removes what newer images have replaced and no machine uses any more. formerRoot: from rootOf, of what was replaced.
 * A root that was pulled is Debian's own and has no label of ours, so it is known by this alone; one with a name is
 * somebody's.
 */
export async function removeReplacedImages(docker: Docker, formerRoot: string | null): Promise<void> {
  const filters = { dangling: ["true"], label: ["drydock.builder=machine-image"] };
  for (const { Id: id } of await docker.listImages({ filters })) await removeUnused(docker, id);
  if (formerRoot === null) return;
  const root = await inspect(docker, formerRoot);
  if (root !== null && (root.RepoTags ?? []).length === 0) await removeUnused(docker, formerRoot);
}

async function removeUnused(docker: Docker, id: string): Promise<void> {
  try {
    await docker.getImage(id).remove();
  } catch (error) {
    // 404: gone with another one; 409: a machine still has it, or an image is made on it.
    const status = (error as { statusCode?: number }).statusCode;
    if (status !== 404 && status !== 409) throw error;
  }
}

async function inspect(docker: Docker, image: string): Promise<Docker.ImageInspectInfo | null> {
  try {
    return await docker.getImage(image).inspect();
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return null;
    throw error;
  }
}
