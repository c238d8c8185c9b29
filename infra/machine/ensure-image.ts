import type Docker from "dockerode";
import { AppError } from "#course/errors.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { readHostApt } from "./apt-source.ts";
import { buildLayer } from "./build-layer.ts";
import { findRecipe, type Layer, readLayers } from "./recipe.ts";
import { makeRoot } from "./root-filesystem.ts";

export interface MachineImageProgress {
  /** What is being done, such as "Making the base image python". */
  step: string;
  /** Of the whole image, 0 to 1; null while unknown. */
  fraction: number | null;
  /** One line of the step's own output. */
  line?: string;
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

type OnProgress = (progress: MachineImageProgress) => void;

/**
 * Makes the image of the grading machine by infra/machine/provision.sh unless it is there already. Each step is an
 * image of its own, kept by the hash of its inputs, so a changed boot script redoes a second of work. Two processes
 * that ask at once build once. Throws AppError machine-image-failed with the last lines of the step that failed.
 */
export async function ensureMachineImage(options: {
  docker: Docker;
  onProgress: OnProgress;
}): Promise<MachineImage> {
  const startedAt = systemClock().getTime();
  const { Arch: architecture } = await options.docker.version();
  const layers = await readLayers(await findRecipe(), architecture);
  const last = layers.at(-1);
  if (!last) throw new Error("The recipe has no layer.");
  const built = !(await hasImage(options.docker, last.image));
  if (built) await buildMissing(options.docker, layers, options.onProgress);
  options.onProgress({ step: "Machine image ready", fraction: 1 });
  const seconds = (systemClock().getTime() - startedAt) / 1000;
  return { image: last.image, hash: last.hash, built, seconds };
}

/** Builds from the last layer that is there. */
async function buildMissing(docker: Docker, layers: Layer[], onProgress: OnProgress): Promise<void> {
  let done = 0;
  let from = "";
  for (const layer of layers) {
    const start = done;
    if (!(await hasImage(docker, layer.image))) {
      const report = (step: string, fraction: number | null, line?: string) =>
        onProgress({
          step,
          fraction: fraction === null ? null : start + fraction * layer.share,
          ...(line === undefined ? {} : { line }),
        });
      await makeLayer(docker, layer, from, report);
    }
    done += layer.share;
    from = layer.image;
  }
}

async function makeLayer(
  docker: Docker,
  layer: Layer,
  from: string,
  report: (step: string, fraction: number | null, line?: string) => void,
): Promise<void> {
  report(layer.title, 0);
  const apt = await readHostApt();
  try {
    if (layer.step === "root") await makeRoot({ docker, image: layer.image, apt, report });
    else {
      const build = () => buildLayer({ docker, layer, from, apt, report });
      while ((await build()) === "another-tried") {
        if (await hasImage(docker, layer.image)) break;
      }
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError({
      code: "machine-image-failed",
      userMessage: `The machine image could not be built: ${layer.title}: ${error instanceof Error ? error.message : String(error)}`,
      retryable: true,
      cause: error,
    });
  }
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
