import { createHash } from "node:crypto";
import { access, readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";

export interface RecipeFile {
  /** Relative to the recipe's folder, with forward slashes. */
  path: string;
  content: Buffer;
  executable: boolean;
}

/** One step of the image, stacked on the one before. */
export interface Layer {
  /** The step's name for provision.sh; "root" is made outside it. */
  step: "root" | "packages" | "catalogue" | "boot";
  title: string;
  /** Share of a whole build's time, measured; the shares add up to 1. */
  share: number;
  files: RecipeFile[];
  /** sha256 hex over the architecture and the files of this layer and all below it. */
  hash: string;
  image: string;
}

/** What the root is made from; a change here remakes everything. */
export const rootRecipe = { suite: "trixie", variant: "minbase", packages: ["ca-certificates"] } as const;

const steps = [
  { step: "root", title: "Making the Debian root", share: 0.12, inputs: [] },
  {
    step: "packages",
    title: "Installing the engine and tools",
    share: 0.2,
    inputs: [
      "provision.sh",
      "provision/apt.sh",
      "provision/packages.sh",
      "provision/slim.dpkg.cfg",
      "provision/machine.dpkg.cfg",
    ],
  },
  {
    step: "catalogue",
    title: "Making the base images",
    share: 0.65,
    inputs: ["provision/catalogue.sh", "images"],
  },
  { step: "boot", title: "Installing the boot script", share: 0.03, inputs: ["provision/boot.sh", "boot"] },
] as const;

/** The folder that holds provision.sh: beside this file, or in the checkout above a bundle made of it. */
export async function findRecipe(): Promise<string> {
  const candidates = [import.meta.dirname];
  for (let folder = import.meta.dirname; path.dirname(folder) !== folder; folder = path.dirname(folder)) {
    candidates.push(path.join(folder, "infra/machine"));
  }
  for (const candidate of candidates) {
    if (await exists(path.join(candidate, "provision.sh"))) return candidate;
  }
  throw new Error(`provision.sh was not found in ${candidates.join(", ")}.`);
}

/** The layers from the bottom up, for the engine's architecture (such as amd64). */
export async function readLayers(recipeDir: string, architecture: string): Promise<Layer[]> {
  const layers: Layer[] = [];
  let below = JSON.stringify({ architecture, rootRecipe });
  for (const { step, title, share, inputs } of steps) {
    const files = (await Promise.all(inputs.map((input) => readFiles(recipeDir, input)))).flat();
    const hash = hashFiles(below, files);
    const image =
      step === "boot"
        ? `drydock-machine:${hash.slice(0, 12)}`
        : `drydock-machine-layer:${step}-${hash.slice(0, 12)}`;
    layers.push({ step, title, share, files, hash, image });
    below = hash;
  }
  return layers;
}

/** As the engine's calls want it. */
export function imageName(image: string): { repo: string; tag: string } {
  const [repo = image, tag = "latest"] = image.split(":");
  return { repo, tag };
}

function hashFiles(below: string, files: RecipeFile[]): string {
  const hash = createHash("sha256").update(below);
  for (const file of files) {
    hash.update(`\0${file.path}\0${file.executable}\0${file.content.length}\0`).update(file.content);
  }
  return hash.digest("hex");
}

async function readFiles(recipeDir: string, relative: string): Promise<RecipeFile[]> {
  const absolute = path.join(recipeDir, relative);
  const info = await stat(absolute);
  if (info.isDirectory()) {
    const names = (await readdir(absolute)).sort();
    return (await Promise.all(names.map((name) => readFiles(recipeDir, `${relative}/${name}`)))).flat();
  }
  // The file says itself whether it is a program: a checkout on some systems keeps no modes.
  const content = await readFile(absolute);
  return [{ path: relative, content, executable: content.subarray(0, 2).toString() === "#!" }];
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
