import { readFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import type Docker from "dockerode";
import { pack } from "tar-stream";

/** Where every instance finds its metadata service. */
export const metadataIp = "169.254.169.254";

/** What an instance is told, as text; null for what there is not. */
export interface MetadataState {
  instanceId: string;
  userData: string | null;
  interruption: string | null;
  rebalance: string | null;
}

const folder = "opt/drydock-metadata";
const service = "service.mjs";
const state = "state.json";

/**
 * A container of the machine's own image that is the metadata service of one instance on its network. Its answers leave
 * with a time to live of 1, as with hop limit 1: whatever is another hop away inside the machine never gets them.
 */
export function metadataContainer(
  image: string,
  networkId: string,
  labels: Record<string, string>,
): Docker.ContainerCreateOptions {
  const script = `ip address add ${metadataIp}/32 dev lo && exec node /${folder}/${service} /${folder}/${state}`;
  return {
    Image: image,
    Cmd: ["tini", "--", "sh", "-c", script],
    Labels: labels,
    HostConfig: {
      AutoRemove: true,
      NetworkMode: networkId,
      CapDrop: ["ALL"],
      CapAdd: ["NET_ADMIN", "NET_BIND_SERVICE"],
      Sysctls: { "net.ipv4.ip_default_ttl": "1" },
      Memory: 128 * 1024 * 1024,
      PidsLimit: 32,
    },
  };
}

/** The service itself, to be put at / of its container. */
export async function serviceFiles(first: MetadataState): Promise<Readable> {
  const program = await readFile(path.join(import.meta.dirname, "metadata-service.mjs"));
  return archive({ [service]: program, [state]: JSON.stringify(first) });
}

/** What is told from now on. */
export function stateFiles(next: MetadataState): Readable {
  return archive({ [state]: JSON.stringify(next) });
}

function archive(files: Record<string, string | Buffer>): Readable {
  const packed = pack();
  for (const [name, content] of Object.entries(files)) packed.entry({ name: `${folder}/${name}` }, content);
  packed.finalize();
  return Readable.from(packed);
}
