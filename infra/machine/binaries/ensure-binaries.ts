import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#course/errors.ts";
import type { RecipeFile } from "../recipe.ts";
import { buildInContainer, type ContainerBuild } from "./build-in-container.ts";
import { fillFolder, isKept, programFolder } from "./cache-folder.ts";
import { downloadRelease } from "./download-release.ts";
import { type GoBuild, goBuild, hasGo } from "./go-build.ts";
import { readGoProgress } from "./go-progress.ts";
import type { BinaryModule } from "./modules.ts";

export interface BinariesOptions {
  modules: BinaryModule[];
  script: RecipeFile;
  architecture: string;
  cacheDir: string;
  /** The address of official releases; null: none is asked. */
  downloadsFrom: string | null;
  /** Where a computer without a Go builds: an engine, a layer of the machine's image, and where its packages are from. */
  container(): Promise<Pick<ContainerBuild, "docker" | "from" | "apt">>;
  report: (step: string, fraction: number, line?: string) => void;
  signal: AbortSignal;
}

/** The modules whose programs are not kept yet, and the seconds that building them takes. */
export async function missingModules(options: {
  modules: BinaryModule[];
  architecture: string;
  cacheDir: string;
}): Promise<{ modules: BinaryModule[]; seconds: number }> {
  const missing: BinaryModule[] = [];
  for (const module of options.modules) {
    if (!(await isKept(programFolder(options.cacheDir, module, options.architecture)))) missing.push(module);
  }
  return { modules: missing, seconds: missing.reduce((sum, module) => sum + module.seconds, 0) };
}

/**
 * The files of all programs, each module's made once on this computer: an official release where it can be had, else
 * built. Throws AppError kubernetes-not-built with the last lines of what failed.
 */
export async function ensureBinaries(options: BinariesOptions): Promise<string[]> {
  const missing = await missingModules(options);
  let done = 0;
  for (const module of missing.modules) {
    const start = done;
    const report = (step: string, fraction: number, line?: string) =>
      options.report(step, (start + fraction * module.seconds) / missing.seconds, line);
    await fillFolder(programFolder(options.cacheDir, module, options.architecture), module, (into) =>
      obtain(options, module, into, report),
    );
    done += module.seconds;
  }
  // Kept until all is built, so that a build that was stopped goes on where it was.
  await rm(goCache(options), { recursive: true, force: true });
  return options.modules.flatMap((module) =>
    module.programs.map((program) =>
      path.join(programFolder(options.cacheDir, module, options.architecture), program),
    ),
  );
}

const goCache = ({ cacheDir }: BinariesOptions) => path.join(cacheDir, "go-build");

async function obtain(
  options: BinariesOptions,
  module: BinaryModule,
  into: string,
  report: BinariesOptions["report"],
): Promise<void> {
  const { architecture, signal } = options;
  signal.throwIfAborted();
  if (module.released && options.downloadsFrom !== null) {
    const from = options.downloadsFrom;
    const outcome = await downloadRelease({ module, architecture, from, into, report, signal });
    if (outcome.outcome === "downloaded") return;
    report(`Building ${module.name} ${module.version}`, 0, `No download: ${outcome.message}`);
  }
  const progress = readGoProgress();
  let fraction = 0;
  let step = `Building ${module.name} ${module.version}`;
  const onLine = (line: string) => {
    const read = progress(line);
    if (read !== null) {
      fraction = read.fraction;
      step = `${stepWords[read.step]} ${module.name} ${module.version}`;
    }
    if (!line.startsWith("##drydock")) report(step, fraction, line);
  };
  report(step, 0);
  const built = (await hasGo())
    ? await buildHere(options, module, into, onLine)
    : await buildInContainer({
        ...(await options.container()),
        module,
        architecture,
        script: options.script,
        into,
        onLine,
        signal,
      });
  signal.throwIfAborted();
  if (built.outcome === "built") return;
  throw new AppError({
    code: "kubernetes-not-built",
    userMessage: `${module.name} ${module.version} could not be built from Go modules: ${built.message}`,
    retryable: true,
  });
}

const stepWords = {
  downloading: "Fetching the sources of",
  compiling: "Building",
  linking: "Linking",
} as const;

/** In a folder of the cache: the checkout may be read-only, and is not the place for a build. */
async function buildHere(
  options: BinariesOptions,
  module: BinaryModule,
  into: string,
  onLine: (line: string) => void,
): Promise<GoBuild> {
  const folder = `${into}.source`;
  await mkdir(folder, { recursive: true });
  try {
    for (const file of [...module.files, options.script]) {
      await writeFile(path.join(folder, path.basename(file.path)), file.content);
    }
    return await goBuild({
      module,
      architecture: options.architecture,
      script: path.join(folder, path.basename(options.script.path)),
      folder,
      into,
      cache: goCache(options),
      onLine,
      signal: options.signal,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
