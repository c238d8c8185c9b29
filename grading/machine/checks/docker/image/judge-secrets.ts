import { constants } from "node:fs";
import { open, opendir } from "node:fs/promises";
import path from "node:path";
import type { ImageInspectInfo } from "dockerode";
import type { Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import { compileAuthorPattern } from "../../kit/settings/author-pattern.ts";
import { findSecret, isEnvFile, knownSecrets, namedSecret, type SecretPattern } from "./find-secrets.ts";
import type { OwnLayers } from "./own-layers.ts";

const maxFiles = 100_000;
/** Secrets are small; of larger files the beginning is searched. */
const maxFileBytes = 4 * 1024 ** 2;
const maxTold = 5;
/** Of all files together, so that reading them ends before the check's time does. */
const maxBytes = 1024 ** 3;

/**
 * Searches what the Dockerfile added: the files of each own layer, so also those that a later layer deleted, the
 * history, the environment and the labels.
 */
export async function judgeSecrets(
  context: CheckContext,
  image: ImageInspectInfo,
  own: OwnLayers,
  more: { name: string; regex: string }[],
): Promise<Part> {
  const patterns = [
    ...knownSecrets,
    ...more.map(({ name, regex }) => {
      const pattern = compileAuthorPattern(regex);
      return { name, isIn: (text: string) => pattern.test(text) };
    }),
  ];
  const told = await searchDescription(context, image, own.base, [...patterns, namedSecret]);
  const layers = layerFolders(image).slice(0, own.count);
  let crowded: Crowded | null = null;
  let bytes = 0;
  for (const [index, folder] of layers.entries()) {
    const layer = own.count - index;
    let files = 0;
    for await (const file of filesIn(context.signal, folder)) {
      context.signal.throwIfAborted();
      files += 1;
      if (files > maxFiles || bytes > maxBytes) {
        crowded = { layer, more: files > maxFiles ? `${maxFiles} files` : "1 GiB" };
        break;
      }
      const searched = await searchFile(folder, file, patterns);
      bytes += searched.bytes;
      told.push(
        ...searched.what.map(
          (each) => `/${file} in layer ${layer} of the ${own.count} that the Dockerfile adds ${each}`,
        ),
      );
    }
  }
  context.log(`searched ${layers.length} layers for secrets: ${told.length} found`);
  return { expected: "No layer of the image holds a secret", problem: describeFound(told, crowded) };
}

interface Crowded {
  layer: number;
  /** What it has more of than is searched, such as "1 GiB". */
  more: string;
}

function describeFound(told: string[], crowded: Crowded | null): Part["problem"] {
  if (told.length === 0 && crowded !== null)
    return {
      happened: `Layer ${crowded.layer} of those that the Dockerfile adds has more than the ${crowded.more} that are searched.`,
      fix: "COPY only what the program needs, and list the rest in .dockerignore.",
    };
  if (told.length === 0) return null;
  const rest = told.length > maxTold ? ` and ${told.length - maxTold} more` : "";
  return {
    happened: `${told.slice(0, maxTold).join("; ")}${rest}. A later layer that deletes a file does not take it out of the image.`,
    fix: "Never COPY or write the secret in the Dockerfile: list its file in .dockerignore, and pass values with docker run --env.",
  };
}

async function searchDescription(
  { docker }: CheckContext,
  image: ImageInspectInfo,
  base: ImageInspectInfo | null,
  patterns: SecretPattern[],
): Promise<string[]> {
  const told: string[] = [];
  const steps = async ({ Id }: ImageInspectInfo) =>
    (await docker.getImage(Id).history()) as { CreatedBy: string }[];
  // Newest first; the base image's own come last.
  const all = await steps(image);
  const own = all.slice(0, all.length - (base ? (await steps(base)).length : 0));
  for (const { CreatedBy } of own) {
    const what = findSecret(CreatedBy, patterns);
    if (what) told.push(`the image's history holds ${what} (${startOf(CreatedBy)} …)`);
  }
  const before = new Set(base?.Config.Env ?? []);
  for (const entry of (image.Config.Env ?? []).filter((each) => !before.has(each))) {
    const what = findSecret(entry, patterns);
    if (what) told.push(`the environment variable ${entry.split("=", 1)[0]} holds ${what}`);
  }
  for (const [name, value] of Object.entries(image.Config.Labels ?? {})) {
    const what = base?.Config.Labels?.[name] === value ? null : findSecret(`${name}=${value}`, patterns);
    if (what) told.push(`the label ${name} holds ${what}`);
  }
  return [...new Set(told)];
}

/** The instruction and the name that it gives a value to, never a value; RUN |1 NAME=… notes a build argument. */
function startOf(createdBy: string): string {
  const named = /^(ENV|ARG|LABEL|RUN) (?:\|\d+ )?([A-Za-z_][\w.-]*)=/.exec(createdBy);
  return named ? `${named[1]} ${named[2]}` : (createdBy.split(" ", 1)[0] ?? "");
}

/** Folders of the image's layers on the disk, top first. */
function layerFolders(image: ImageInspectInfo): string[] {
  const { Name, Data } = image.GraphDriver;
  const data = Data as unknown as { UpperDir?: string; LowerDir?: string } | null;
  if (Name !== "overlay2" || !data?.UpperDir)
    throw new Error(`Layers of the storage driver ${Name} cannot be read.`);
  return [data.UpperDir, ...(data.LowerDir ? data.LowerDir.split(":") : [])];
}

/** Paths of real files below a folder, links never followed: every name in a layer is the student's. */
async function* filesIn(signal: AbortSignal, root: string): AsyncGenerator<string> {
  const waiting = [""];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    signal.throwIfAborted();
    for await (const entry of await opendir(path.join(root, at))) {
      const relative = path.join(at, entry.name);
      if (entry.isDirectory()) waiting.push(relative);
      if (entry.isFile()) yield relative;
    }
  }
}

/** What a file holds, each as the end of a sentence, and how much of it was searched. */
async function searchFile(root: string, file: string, patterns: SecretPattern[]) {
  const text = await readBeginning(path.join(root, file));
  const what = findSecret(text, patterns);
  const byName = isEnvFile(path.basename(file)) && text.trim() !== "";
  return {
    bytes: text.length,
    what: [...(byName ? ["is a file of secrets by its name"] : []), ...(what ? [`holds ${what}`] : [])],
  };
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
