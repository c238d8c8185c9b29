import { constants } from "node:fs";
import { open, opendir } from "node:fs/promises";
import path from "node:path";
import type { ImageInspectInfo } from "dockerode";
import type { CheckContext } from "../define-check.ts";
import { findSecret, isEnvFile, knownSecrets, namedSecret, type SecretPattern } from "./find-secrets.ts";
import type { Part } from "./share-credit.ts";

const maxFiles = 100_000;
/** Secrets are small; of larger files the beginning is searched. */
const maxFileBytes = 4 * 1024 ** 2;
const maxTold = 5;

/**
 * Searches what the Dockerfile added: the files of each own layer, so also those that a later layer deleted, the
 * history and the environment.
 */
export async function judgeSecrets(
  context: CheckContext,
  image: ImageInspectInfo,
  ownLayers: number,
  more: { name: string; regex: string }[],
): Promise<Part> {
  const patterns = [
    ...knownSecrets,
    ...more.map(({ name, regex }) => ({ name, pattern: new RegExp(regex, "mu") })),
  ];
  const told = await searchDescription(context, image, ownLayers, [...patterns, namedSecret]);
  const layers = layerFolders(image).slice(0, ownLayers);
  for (const [index, folder] of layers.entries()) {
    context.signal.throwIfAborted();
    const layer = ownLayers - index;
    for await (const found of searchFolder(context.signal, folder, patterns))
      told.push(`${found.path} in layer ${layer} of your own ${found.what}`);
  }
  context.log(`searched ${layers.length} layers for secrets: ${told.length} found`);
  const rest = told.length > maxTold ? ` and ${told.length - maxTold} more` : "";
  return {
    expected: "No layer of the image holds a secret",
    problem:
      told.length === 0
        ? null
        : {
            happened: `${told.slice(0, maxTold).join("; ")}${rest}. A later layer that deletes a file does not take it out of the image.`,
            fix: "Never COPY or write the secret in the Dockerfile: list its file in .dockerignore, and pass values with docker run --env.",
          },
  };
}

async function searchDescription(
  context: CheckContext,
  image: ImageInspectInfo,
  ownLayers: number,
  patterns: SecretPattern[],
): Promise<string[]> {
  const told: string[] = [];
  const history = (await context.docker.getImage(image.Id).history()) as {
    CreatedBy: string;
    Size: number;
  }[];
  // Newest first; steps that added nothing count too until as many layers as are the Dockerfile's own went by.
  let layers = 0;
  for (const { CreatedBy, Size } of history) {
    if (layers >= ownLayers && Size > 0) break;
    if (Size > 0) layers += 1;
    const what = findSecret(CreatedBy, patterns);
    if (what)
      told.push(
        `the image's history holds ${what} (${CreatedBy.split(/[\s=]/, 3).slice(0, 2).join(" ").slice(0, 60)} …)`,
      );
  }
  for (const entry of image.Config.Env ?? []) {
    const what = findSecret(entry, patterns);
    if (what) told.push(`the environment variable ${entry.split("=", 1)[0]} holds ${what}`);
  }
  return [...new Set(told)];
}

/** Folders of the image's layers on the disk, top first. */
function layerFolders(image: ImageInspectInfo): string[] {
  const { Name, Data } = image.GraphDriver;
  const data = Data as unknown as { UpperDir?: string; LowerDir?: string } | null;
  if (Name !== "overlay2" || !data?.UpperDir)
    throw new Error(`Layers of the storage driver ${Name} cannot be read.`);
  return [data.UpperDir, ...(data.LowerDir ? data.LowerDir.split(":") : [])];
}

/** Real files only, links never followed: every name in a layer is the student's. */
async function* searchFolder(signal: AbortSignal, root: string, patterns: SecretPattern[]) {
  let files = 0;
  const waiting = [""];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    signal.throwIfAborted();
    for await (const entry of await opendir(path.join(root, at))) {
      const relative = path.join(at, entry.name);
      if (entry.isDirectory()) waiting.push(relative);
      if (!entry.isFile()) continue;
      files += 1;
      if (files > maxFiles) throw new Error(`A layer has more than ${maxFiles} files.`);
      const text = await readBeginning(path.join(root, relative));
      if (isEnvFile(entry.name) && text.trim() !== "")
        yield { path: `/${relative}`, what: "is a file of secrets by its name" };
      const what = findSecret(text, patterns);
      if (what) yield { path: `/${relative}`, what: `holds ${what}` };
    }
  }
}

async function readBeginning(file: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.min(size, maxFileBytes));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
