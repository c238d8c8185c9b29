import { readFile } from "node:fs/promises";
import path from "node:path";
import { loadConfig } from "#infra/config/config.ts";
import { readHostApt } from "#infra/machine/apt-source.ts";
import { programFolder } from "#infra/machine/binaries/cache-folder.ts";
import { ensureBinaries, missingModules } from "#infra/machine/binaries/ensure-binaries.ts";
import type { BinaryModule } from "#infra/machine/binaries/modules.ts";
import { ensureEngine } from "#infra/machine/engine/ensure-engine.ts";
import { ensureMachineImage } from "#infra/machine/ensure-image.ts";
import type { RecipeFile } from "#infra/machine/recipe.ts";

const here = import.meta.dirname;
const script = path.resolve(here, "../../../infra/machine/kubernetes-binaries/build.sh");

/** The program versitygw as go.mod pins it, built once on this computer and kept in its cache folder. */
export async function ensureS3Server(): Promise<string> {
  const { cacheDir } = loadConfig();
  const architecture = process.arch === "arm64" ? "arm64" : "amd64";
  const module = await readModule();
  const kept = { modules: [module], architecture, cacheDir };
  if ((await missingModules(kept)).modules.length > 0) {
    await ensureBinaries({
      ...kept,
      script: await recipeFile(script),
      downloadsFrom: null,
      container: machineLayer,
      report: () => {},
      signal: new AbortController().signal,
    });
  }
  return path.join(programFolder(cacheDir, module, architecture), "versitygw");
}

/** Asked for only where the computer has no Go. */
async function machineLayer() {
  const { docker } = await ensureEngine({ install: false, onProgress: () => {} });
  const { image } = await ensureMachineImage({ docker, machineKind: "engine", onProgress: () => {} });
  return { docker, from: image, apt: await readHostApt() };
}

async function readModule(): Promise<BinaryModule> {
  const files = await Promise.all(["go.mod", "go.sum"].map((name) => recipeFile(path.join(here, name))));
  const version = /github\.com\/versity\/versitygw (v\S+)/.exec(files[0]?.content.toString() ?? "")?.[1];
  if (version === undefined) throw new Error("The S3 server's go.mod does not pin versitygw.");
  return {
    ...{ name: "versitygw", version, files, programs: ["versitygw"], builtAs: {}, tags: [], ldflags: "" },
    ...{ seconds: 180, released: false },
  };
}

async function recipeFile(file: string): Promise<RecipeFile> {
  return { path: path.basename(file), content: await readFile(file), executable: false };
}
