import type Docker from "dockerode";
import { execLines } from "./engine-lines.ts";

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
  try {
    const { Created: created, Config: config } = await docker.getImage(image).inspect();
    const found = config?.Labels ?? {};
    const madeAt = found[labels.madeAt];
    const versions: Versions = {};
    for (const name of stated) {
      const version = found[`${labels.version}${name}`];
      if (version !== undefined) versions[name] = version;
    }
    return { madeAt: new Date(madeAt ?? created), dated: madeAt !== undefined, versions };
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return null;
    throw error;
  }
}

/** Removes what newer images have replaced and no machine uses any more. */
export async function removeReplacedImages(docker: Docker): Promise<void> {
  const filters = { dangling: ["true"], label: ["drydock.builder=machine-image"] };
  for (const { Id: id } of await docker.listImages({ filters })) {
    try {
      await docker.getImage(id).remove();
    } catch (error) {
      // 404: gone with another one; 409: a machine still has it.
      const status = (error as { statusCode?: number }).statusCode;
      if (status !== 404 && status !== 409) throw error;
    }
  }
}
