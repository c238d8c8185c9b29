import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type Docker from "dockerode";
import { extract, pack } from "tar-stream";
import { catalogueNames } from "../../checks/kit/container/base-images.ts";
import { fullImageName } from "./image-name.ts";
import { onNode } from "./on-node.ts";

const namespace = "k8s.io";

interface ImageIndex {
  manifests: { mediaType: string; digest: string; size: number }[];
}

/**
 * Gives the nodes an image of the machine's engine. Layers that the nodes have already (those of the prepared images,
 * and of images given before) are left out of what is sent, which is most of a student's image.
 */
export function createImageLoader(docker: Docker, runningNodes: () => string[]) {
  const known = knownLayers(docker);

  async function load(engineImage: string, names: string[]): Promise<void> {
    const image = await docker.getImage(engineImage).inspect();
    const folder = await mkdtemp(path.join(tmpdir(), "drydock-image-"));
    const archive = path.join(folder, "image.tar");
    try {
      const layers = await known;
      await writeWithout(layers, await docker.getImage(engineImage).get(), archive, names.map(fullImageName));
      await Promise.all(
        runningNodes().map((node) =>
          onNode(
            docker,
            node,
            [
              "/opt/kubernetes/bin/ctr",
              "-n",
              namespace,
              "images",
              "import",
              "--local",
              "--digests=false",
              "-",
            ],
            createReadStream(archive),
          ),
        ),
      );
      for (const layer of image.RootFS.Layers ?? []) layers.add(layer);
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  return load;
}

/** Layers of the images that were prepared with the machine. */
async function knownLayers(docker: Docker): Promise<Set<string>> {
  const known = new Set<string>();
  for (const name of await catalogueNames(docker)) {
    const { RootFS } = await docker.getImage(name).inspect();
    for (const layer of RootFS.Layers ?? []) known.add(layer);
  }
  return known;
}

/** The engine's archive is an OCI layout; its index is replaced by one with the names wanted. */
async function writeWithout(
  layers: ReadonlySet<string>,
  saved: NodeJS.ReadableStream,
  target: string,
  names: string[],
): Promise<void> {
  const out = pack();
  const written = pipeline(out, createWriteStream(target, { mode: 0o600 }));
  const entries = extract();
  const filled = pipeline(saved, entries);
  for await (const entry of entries) {
    const { name, type, size } = entry.header;
    const blob = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(name)?.[1];
    if (type !== "file" || (blob !== undefined && layers.has(`sha256:${blob}`))) entry.resume();
    else if (name === "index.json")
      out.entry({ name }, JSON.stringify(named(await readAll(entry as unknown as Readable), names)));
    else if (blob !== undefined || name === "oci-layout")
      await pipeline(entry, out.entry({ name, size: size ?? 0 }));
    else entry.resume();
  }
  await filled;
  out.finalize();
  await written;
}

function named(index: string, names: string[]) {
  const [manifest] = (JSON.parse(index) as ImageIndex).manifests;
  if (manifest === undefined) throw new Error("The engine saved an image without a manifest.");
  const { mediaType, digest, size } = manifest;
  return {
    schemaVersion: 2,
    manifests: names.map((name) => ({
      mediaType,
      digest,
      size,
      annotations: { "io.containerd.image.name": name },
    })),
  };
}

async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** Repository:tag of all images that pods can start from, as students write them. */
export async function listImageNames(docker: Docker, node: string): Promise<string[]> {
  const listed = await onNode(docker, node, [
    "/opt/kubernetes/bin/ctr",
    "-n",
    namespace,
    "images",
    "ls",
    "-q",
  ]);
  return listed
    .split("\n")
    .filter((name) => name.includes(":") && !/@|^sha256:|^docker\.io\/drydock\//.test(name))
    .map((name) => name.replace(/^docker\.io\/(library\/)?/, ""))
    .sort();
}
