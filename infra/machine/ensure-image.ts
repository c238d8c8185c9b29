import type Docker from "dockerode";
import { AppError } from "#course/errors.ts";
import type { MachineKind } from "#grading/machines/machine-kind.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { loadConfig } from "#infra/config/config.ts";
import { type AptSource, readHostApt } from "./apt-source.ts";
import { ensureBinaries, missingModules } from "./binaries/ensure-binaries.ts";
import { readBuildScript, readModules } from "./binaries/modules.ts";
import { buildLayer } from "./build-layer.ts";
import { timeLeft } from "./build-time.ts";
import { dueLayers } from "./due-layers.ts";
import {
  type ImageFacts,
  readImageFacts,
  removeReplacedImages,
  rootOf,
  type Versions,
} from "./image-facts.ts";
import { findRecipe, type Layer, readLayers } from "./recipe.ts";
import { makeRoot } from "./root-filesystem.ts";

export interface MachineImageProgress {
  /** What is being done, such as "Making the base image python". */
  step: string;
  /** Of what was missing, 0 to 1; null while unknown. */
  fraction: number | null;
  /** One line of the step's own output. */
  line?: string;
  /** Expected until the image is there. */
  secondsLeft: number;
}

export interface MachineImage {
  /** drydock-machine:<first 12 of hash> */
  image: string;
  /** sha256 over the recipe's files and the engine's architecture. */
  hash: string;
  /** false when it was there already. */
  built: boolean;
  seconds: number;
}

interface ImageOptions {
  docker: Docker;
  /** What the image is for. */
  machineKind: MachineKind;
  onProgress: (progress: MachineImageProgress) => void;
  /** An image whose packages are older is made anew; the one there is stays until then. Without it none is too old. */
  notBefore?: Date;
  /** Ends a build soon; what was made of it is kept. */
  signal?: AbortSignal;
}

type Report = (step: string, fraction: number | null, line?: string) => void;

interface Stage {
  seconds: number;
  work(report: Report): Promise<void>;
}

/**
 * Makes the image of the grading machine by infra/machine/provision.sh unless it is there already. Each step is an
 * image of its own, kept by the hash of its inputs, so a changed boot script redoes a second of work. Two processes
 * that ask at once build once. Kubernetes' programs are made before, once a computer: minutes. Throws AppError
 * machine-image-failed or kubernetes-not-built with the last lines of the step that failed.
 */
export async function ensureMachineImage(options: ImageOptions): Promise<MachineImage> {
  const { docker, machineKind, onProgress } = options;
  const startedAt = systemClock().getTime();
  const elapsed = () => (systemClock().getTime() - startedAt) / 1000;
  const { architecture, layers, image, hash } = await readImage(docker, machineKind);
  const due = await findDue(options, layers);
  const built = due.includes(layers.at(-1) as Layer);
  if (built) {
    const formerRoot = await rootOf(docker, image);
    const stages = await planStages(options, layers, due, architecture);
    await runStages(stages, (total, fraction) => timeLeft(total, fraction, elapsed()), options);
    await removeReplacedImages(docker, formerRoot);
  }
  onProgress({ step: "Machine image ready", fraction: 1, secondsLeft: 0 });
  return { image, hash, built, seconds: elapsed() };
}

/** The image's name where it is there as it would be made now, else null. */
export async function findMachineImage(docker: Docker, machineKind: MachineKind): Promise<string | null> {
  const { image } = await readImage(docker, machineKind);
  return (await hasImage(docker, image)) ? image : null;
}

/** Of the image that is there as it would be made now; null when there is none. */
export async function describeMachineImage(
  docker: Docker,
  machineKind: MachineKind,
): Promise<{ image: string; madeAt: Date; versions: Versions } | null> {
  const { image, layers } = await readImage(docker, machineKind);
  const facts = await readImageFacts(docker, image);
  if (facts === null) return null;
  const { madeAt, dated, versions } = facts;
  if (dated) return { image, madeAt, versions };
  // Made before images said so: its packages are as old as their layer.
  const packages = layers.find(({ step }) => step === "packages");
  const layer = packages ? await readImageFacts(docker, packages.image) : null;
  return { image, madeAt: layer?.madeAt ?? madeAt, versions };
}

/** See dueLayers. */
async function findDue({ docker, notBefore }: ImageOptions, layers: Layer[]): Promise<Layer[]> {
  const facts = new Map<Layer, ImageFacts | null>();
  for (const layer of layers) facts.set(layer, await readImageFacts(docker, layer.image));
  return dueLayers(layers, (layer) => facts.get(layer) ?? null, notBefore);
}

async function readImage(docker: Docker, machineKind: MachineKind) {
  const { Arch: architecture } = await docker.version();
  const layers = await readLayers(await findRecipe(), architecture, machineKind);
  const last = layers.at(-1);
  if (!last) throw new Error("The recipe has no layer.");
  return { architecture, layers, image: last.image, hash: last.hash };
}

/** From the last layer that is there. */
async function planStages(
  options: ImageOptions,
  layers: Layer[],
  due: Layer[],
  architecture: string,
): Promise<Stage[]> {
  const stages: Stage[] = [];
  let from = "";
  for (const layer of layers) {
    if (due.includes(layer)) {
      stages.push(
        layer.step === "kubernetes"
          ? await kubernetesStage(options, layer, from, architecture)
          : {
              seconds: layer.seconds,
              work: layerWork(options, layer, from),
            },
      );
    }
    from = layer.image;
  }
  return stages;
}

async function runStages(
  stages: Stage[],
  left: (total: number, fraction: number) => number,
  { onProgress, signal }: ImageOptions,
): Promise<void> {
  const total = stages.reduce((sum, stage) => sum + stage.seconds, 0);
  let done = 0;
  let reached = 0;
  for (const stage of stages) {
    signal?.throwIfAborted();
    await stage.work((step, fraction, line) => {
      const now = fraction === null ? null : (done + fraction * stage.seconds) / total;
      reached = now ?? reached;
      onProgress({
        step,
        fraction: now,
        secondsLeft: left(total, reached),
        ...(line === undefined ? {} : { line }),
      });
    });
    done += stage.seconds;
  }
}

function layerWork(
  image: ImageOptions,
  layer: Layer,
  from: string,
  programs?: (apt: AptSource, report: Report) => Promise<string[]>,
): Stage["work"] {
  const { docker, signal = new AbortController().signal } = image;
  return async (report) => {
    report(layer.title, 0);
    const apt = await readHostApt();
    const options = { docker, layer, from, apt, report, signal };
    const build = () =>
      buildLayer({ ...options, ...(programs && { programs: () => programs(apt, report) }) });
    try {
      if (layer.step === "root")
        await makeRoot({ ...options, image: layer.image, anew: image.notBefore !== undefined });
      else {
        while ((await build()) === "another-tried") {
          if (!(await findDue(image, [layer])).includes(layer)) break;
        }
      }
    } catch (error) {
      throw asImageError(layer, error);
    }
  };
}

/** Its programs first, as part of the same work, so that only one process makes them. */
async function kubernetesStage(
  options: ImageOptions,
  layer: Layer,
  from: string,
  architecture: string,
): Promise<Stage> {
  const { docker, signal = new AbortController().signal } = options;
  const { cacheDir, kubernetesReleases } = loadConfig();
  const modules = readModules(layer.files);
  const missing = await missingModules({ modules, architecture, cacheDir });
  const seconds = missing.seconds + layer.seconds;
  const share = missing.seconds / seconds;
  let haveTheirs = false;
  const makePrograms = async (apt: AptSource, report: Report) => {
    const programs = await ensureBinaries({
      modules,
      script: readBuildScript(layer.files),
      architecture,
      cacheDir,
      downloadsFrom: kubernetesReleases,
      container: async () => ({ docker, from, apt }),
      report,
      signal,
    });
    haveTheirs = true;
    return programs;
  };
  return {
    seconds,
    work: (report) =>
      layerWork(
        options,
        layer,
        from,
        makePrograms,
      )((step, fraction, line) => {
        const inStage = (own: number) => (haveTheirs ? share + own * (1 - share) : own * share);
        report(step, fraction === null ? null : inStage(fraction), line);
      }),
  };
}

function asImageError(layer: Layer, error: unknown): unknown {
  const aborted = error instanceof Error && error.name === "AbortError";
  if (error instanceof AppError || aborted) return error;
  return new AppError({
    code: "machine-image-failed",
    userMessage: `The machine image could not be built: ${layer.title}: ${error instanceof Error ? error.message : String(error)}`,
    retryable: true,
    cause: error,
  });
}

async function hasImage(docker: Docker, image: string): Promise<boolean> {
  try {
    await docker.getImage(image).inspect();
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}
