import { createInterface } from "node:readline/promises";
import { AppError } from "#course/errors.ts";
import { type MachineKind, plainKinds } from "#grading/machines/machine-kind.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { findMachineImage } from "#infra/compute/ec2/find-image.ts";
import { buildImage } from "#infra/compute/ec2/images/build-image.ts";
import { endLeftBuilders } from "#infra/compute/ec2/images/builders.ts";
import { usedByThisVersion } from "#infra/compute/ec2/images/choose-removable.ts";
import { asImageError, ImageError } from "#infra/compute/ec2/images/image-error.ts";
import type { ImagePlace } from "#infra/compute/ec2/images/image-place.ts";
import { listImages } from "#infra/compute/ec2/images/list-images.ts";
import { type Pruning, planPruning, removeImages } from "#infra/compute/ec2/images/prune-images.ts";
import { loadConfig } from "#infra/config/config.ts";
import { inMinutes } from "#infra/machine/build-time.ts";
import { hashOf, instanceLayers, recipeHash } from "#infra/machine/recipe.ts";
import { createProgress, type Progress } from "../../demo/progress.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit.ts";
import { untilInterrupted } from "../interrupt.ts";
import { count, formatTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { bringFiles } from "./machine-image/bring-files.ts";
import { openImagePlace, type PlaceOptions } from "./machine-image/open-image-place.ts";
import { ageOf, imageRows, sayPruning } from "./machine-image/show-images.ts";

export interface ImageOptions extends PlaceOptions {
  provider?: "docker" | "ec2";
}

/** `drydock machine-image build`: makes the images of this version that the account lacks. */
export function machineImageBuild(
  terminal: Terminal,
  options: ImageOptions & { kind?: MachineKind; anew: boolean; endBuilders: boolean },
): Promise<ExitCode> {
  return inAccount(options, (place) =>
    untilInterrupted(terminal, async (signal) => {
      const progress = createProgress();
      const working = await endLeftBuilders(place.api, {
        ...{ installation: place.installation, now: systemClock(), all: options.endBuilders, signal },
        onEnded: ({ instanceId, worksFor }) =>
          progress.say(`Ended the builder ${instanceId}, which was left by ${worksFor}.`),
      });
      const [other] = working;
      if (other !== undefined)
        throw new ImageError(
          "machine-image-busy",
          `The process ${other.worksFor} makes machine images here, by the builder ${other.instanceId}. Wait for it, at most until ${other.leaseUntil.toISOString()}; if it is gone, give --end-builders.`,
        );
      for (const kind of options.kind === undefined ? plainKinds() : [options.kind])
        await buildKind(progress, place, kind, options.anew, signal);
      return exitCode.ok;
    }),
  );
}

async function buildKind(
  progress: Progress,
  place: ImagePlace,
  machineKind: MachineKind,
  anew: boolean,
  signal: AbortSignal,
): Promise<void> {
  const layers = await instanceLayers(machineKind);
  const recipe = hashOf(layers);
  const found = await findMachineImage(place.api, { installation: place.installation, recipe }, signal).catch(
    (error: unknown) => {
      throw asImageError(error, "The machine image could not be looked for", signal);
    },
  );
  if (found !== null && !anew) {
    progress.say(
      `✓ ${machineKind}: ${found.imageId} is there, made ${ageOf(found.madeAt, systemClock())}; --anew makes it with today's packages.`,
    );
    return;
  }
  const files = await bringFiles(progress, layers, signal);
  const imageId = await progress.step(`Machine image ${machineKind}`, (update) =>
    buildImage({
      ...{ place, machineKind, layers, ...files, clock: systemClock, signal },
      onProgress: ({ step, fraction, secondsLeft }) =>
        update(fraction, `${inMinutes(secondsLeft)} left  ${step}`),
      onLeft: progress.say,
    }),
  );
  progress.say(`  ${machineKind}: ${imageId}`);
  const plan = await planPruning(place.api, {
    ...{ installation: place.installation, keep: keptImages, recipes: await recipesNow() },
    ...{ now: systemClock(), signal },
  });
  await removeImages(
    place.api,
    { images: plan.images.filter((image) => image.machineKind === machineKind), snapshotIds: [] },
    (what) => progress.say(`  Removed ${what}, which is older than the last ${keptImages}.`),
    signal,
  );
}

/** Of each kind: one to go back to. */
const keptImages = 2;

/** `drydock machine-image list`: what the account has for this installation. */
export function machineImageList(
  terminal: Terminal,
  options: ImageOptions & { json: boolean },
): Promise<ExitCode> {
  return inAccount(options, async (place) => {
    const images = await listImages(place.api, place.installation);
    const recipes = await recipesNow();
    const used = usedByThisVersion(images, recipes);
    if (options.json) {
      const rows = images.map((image) => ({ ...image, usedByThisVersion: used.has(image.imageId) }));
      terminal.out.write(`${JSON.stringify(rows)}\n`);
      return exitCode.ok;
    }
    const { columns, rows } = imageRows(images, used, systemClock());
    if (images.length > 0)
      for (const line of formatTable(terminal.out, columns, rows)) terminal.out.write(`${line}\n`);
    const has = (kind: string) =>
      images.some((image) => image.machineKind === kind && used.has(image.imageId));
    for (const kind of recipes.keys())
      if (!has(kind))
        terminal.out.write(`${kind}: none of this version yet; drydock machine-image build makes it.\n`);
    return exitCode.ok;
  });
}

/** `drydock machine-image prune`: removes old images with their snapshots after it was said yes. */
export function machineImagePrune(
  terminal: Terminal,
  options: ImageOptions & { keep: number; dryRun: boolean; yes: boolean },
  input: NodeJS.ReadableStream = process.stdin,
): Promise<ExitCode> {
  return inAccount(options, async (place) => {
    const plan = await planPruning(place.api, {
      ...{ installation: place.installation, keep: options.keep, recipes: await recipesNow() },
      now: systemClock(),
    });
    sayPruning(terminal.out, plan, systemClock());
    if (options.dryRun || isNothing(plan)) return exitCode.ok;
    if (!options.yes && !(await isAgreed(terminal, input))) {
      terminal.err.write("Nothing was removed.\n");
      return exitCode.no;
    }
    await removeImages(place.api, plan);
    terminal.out.write(`Removed ${count(plan.images.length, "image")}.\n`);
    return exitCode.ok;
  });
}

const isNothing = ({ images, snapshotIds }: Pruning) => images.length === 0 && snapshotIds.length === 0;

async function isAgreed(terminal: Terminal, input: NodeJS.ReadableStream): Promise<boolean> {
  terminal.err.write("Remove them? Type yes: ");
  const lines = createInterface({ input });
  try {
    for await (const line of lines) return line.trim() === "yes";
    return false;
  } finally {
    lines.close();
  }
}

async function recipesNow(): Promise<Map<string, string>> {
  return new Map(
    await Promise.all(plainKinds().map(async (kind) => [kind, await recipeHash(kind)] as const)),
  );
}

/** Runs work in the account of the stack. What the caller can put right is the caller's. */
async function inAccount(
  options: ImageOptions,
  work: (place: ImagePlace) => Promise<ExitCode>,
): Promise<ExitCode> {
  if ((options.provider ?? loadConfig().provider) === "docker")
    throw new CommandFailure(
      exitCode.badInput,
      "Machines are containers of this computer here (DRYDOCK_PROVIDER=docker), and their images are made when they are needed: drydock machine versions shows them, drydock machine refresh makes them anew. For the images of an AWS account give --provider ec2.",
    );
  const opened = await openImagePlace(options);
  try {
    return await work(opened.place);
  } catch (error) {
    if (error instanceof AppError && error.code === "machine-image-not-allowed")
      throw new CommandFailure(exitCode.badInput, error.userMessage, { cause: error });
    throw error;
  } finally {
    opened.close();
  }
}
