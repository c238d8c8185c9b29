import { createHash } from "node:crypto";
import { access, readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { facilityNames, type MachineKind } from "#grading/machines/machine-kind.ts";

export interface RecipeFile {
  /** Relative to the recipe's folder, with forward slashes. */
  path: string;
  content: Buffer;
  executable: boolean;
}

/** One step of the image, stacked on the one before. */
export interface Layer {
  /** The step's name for provision.sh; "root" is made outside it. */
  step: string;
  title: string;
  /** What it takes on two cores, measured. */
  seconds: number;
  files: RecipeFile[];
  /** sha256 hex over the architecture and the files of this layer and all below it. */
  hash: string;
  image: string;
}

/** What the root is made from; a change here remakes everything. */
export const rootRecipe = { suite: "trixie", variant: "minbase", packages: ["ca-certificates"] } as const;

export interface Step extends Pick<Layer, "step" | "title" | "seconds"> {
  inputs: string[];
  /** Only in machines with this facility. */
  only?: string;
  /** Further inputs in machines with a facility. */
  more?: Readonly<Record<string, string[]>>;
}

/** From the bottom up. */
export const recipeSteps: readonly Step[] = [
  { step: "root", title: "Making the Debian root", seconds: 20, inputs: [] },
  {
    step: "packages",
    title: "Installing the engine and tools",
    seconds: 35,
    inputs: [
      "provision.sh",
      "provision/apt.sh",
      "provision/steps/packages.sh",
      "provision/slim.dpkg.cfg",
      "provision/machine.dpkg.cfg",
    ],
  },
  {
    step: "catalogue",
    title: "Making the base images",
    seconds: 115,
    inputs: ["provision/steps/catalogue.sh", "provision/images.sh", "boot/base-images.sh", "images"],
  },
  {
    step: "kubernetes",
    title: "Installing Kubernetes",
    seconds: 60,
    inputs: [
      "provision/steps/kubernetes.sh",
      "kubernetes-images",
      "kubernetes-binaries",
      "kubernetes/prepare.sh",
    ],
    only: "kubernetes",
  },
  {
    step: "boot",
    title: "Installing the boot script",
    seconds: 5,
    inputs: ["provision/steps/boot.sh", "boot"],
    more: { kubernetes: ["kubernetes"] },
  },
];

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
export async function readLayers(
  recipeDir: string,
  architecture: string,
  machineKind: MachineKind,
  steps = recipeSteps,
): Promise<Layer[]> {
  const facilities = facilityNames(machineKind);
  const layers: Layer[] = [];
  let below = JSON.stringify({ architecture, rootRecipe });
  for (const { step, title, seconds, only, ...own } of steps) {
    if (only !== undefined && !facilities.includes(only)) continue;
    const inputs = [...own.inputs, ...facilities.flatMap((name) => own.more?.[name] ?? [])];
    const files = (await Promise.all(inputs.map((input) => readFiles(recipeDir, input)))).flat();
    const hash = hashFiles(below, files);
    const image =
      step === "boot"
        ? `drydock-machine:${hash.slice(0, 12)}`
        : `drydock-machine-layer:${step}-${hash.slice(0, 12)}`;
    layers.push({ step, title, seconds, files, hash, image });
    below = hash;
  }
  return layers;
}

/** Of the instance types that are known (instance-types.ts). */
export const instanceArchitecture = "amd64";

/** The layers of an instance's image. */
export const instanceLayers = async (machineKind: MachineKind): Promise<Layer[]> =>
  readLayers(await findRecipe(), instanceArchitecture, machineKind);

/** Of the finished image, by which one is known in an account. */
export const recipeHash = async (machineKind: MachineKind): Promise<string> =>
  hashOf(await instanceLayers(machineKind));

/** Of an image of all of these layers. */
export function hashOf(layers: readonly Layer[]): string {
  const last = layers.at(-1);
  if (last === undefined) throw new Error("The recipe has no layer.");
  return last.hash;
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

/** All files below a path of the recipe, in an order that is the same everywhere. */
export async function readFiles(recipeDir: string, relative: string): Promise<RecipeFile[]> {
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
