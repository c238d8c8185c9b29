import type { Clock } from "#course/clock.ts";
import { timeLeft } from "#infra/machine/build-time.ts";
import { hashOf, type Layer, type RecipeFile } from "#infra/machine/recipe.ts";
import { builderUserData } from "./builder-user-data.ts";
import { endBuilder, findBuilders, launchBuilder, thisProcess } from "./builders.ts";
import { createImage } from "./create-image.ts";
import { newestDebian } from "./find-debian.ts";
import { followBuilder, type Patience, usualPatience } from "./follow-builder.ts";
import type { ImagePlace } from "./image-place.ts";
import { packBuilderFiles } from "./pack-builder-files.ts";
import type { BuilderReport } from "./read-console.ts";

export interface ImageProgress {
  step: string;
  /** 0 to 1 */
  fraction: number;
  /** Expected until the image is there. */
  secondsLeft: number;
}

export interface BuildOptions {
  place: ImagePlace;
  machineKind: string;
  /** Of readLayers, from the bottom up. */
  layers: readonly Layer[];
  /** What the layers' steps need besides: npm as a file of the recipe. */
  moreFiles: readonly RecipeFile[];
  /** Files of this computer for /opt/kubernetes/bin. */
  programs: readonly string[];
  clock: Clock;
  onProgress(progress: ImageProgress): void;
  /** What could not be cleared away, as a sentence. */
  onLeft(sentence: string): void;
  patience?: Patience;
  /** Ends the builder, and with it the build. */
  signal: AbortSignal;
}

/** Its own timer stops a builder after so long, and the reaper ends it at its lease: provisioning takes minutes. */
const builderMinutes = 75;
const leaseMinutes = 90;
/** For as long as the builder lives, since cloud-init's start may take minutes. */
const linkSeconds = leaseMinutes * 60;

/** Seconds of what is not a step of the recipe; reckoned, not measured. */
const seconds = { send: 30, start: 75, stop: 45, image: 240 };

/**
 * Makes the machine image of a kind in the account: a builder instance of Debian's newest image runs the recipe's steps,
 * and its disk becomes the image. Nothing of the builder is left, however it goes. Throws ImageError, StorageError,
 * AbortError.
 */
export async function buildImage(options: BuildOptions): Promise<string> {
  const { place, layers, machineKind, clock, signal } = options;
  const patience = options.patience ?? usualPatience;
  // The root is Debian's image.
  const steps = layers.filter(({ step }) => step !== "root");
  const recipe = hashOf(layers);
  const stages = createStages(steps, options);
  const debian = await newestDebian(place.api, signal);
  const key = `${recipe.slice(0, 12)}-${clock().getTime()}-${process.pid}.tar.gz`;
  try {
    stages.at("send", 0, "Sending the recipe to the bucket");
    const files = [...layers.flatMap(({ files }) => files), ...options.moreFiles];
    const { sha256 } = await place.store.put(
      key,
      await packBuilderFiles(files, options.programs, (fraction) => stages.at("send", fraction)),
    );
    signal.throwIfAborted();
    const link = await place.store.presign({ method: "GET", key, expiresSeconds: linkSeconds });
    const userData = await builderUserData({
      ...{ archiveAddress: link.url, archiveSha256: sha256, minutes: builderMinutes },
      steps: steps.map(({ step }) => step),
    });
    stages.at("start", 0, `Starting a builder from ${debian.name}`);
    const leaseUntil = new Date(clock().getTime() + leaseMinutes * 60_000);
    const worksFor = thisProcess();
    let instanceId: string | undefined;
    try {
      instanceId = await launchBuilder(place, { debian, userData, machineKind, leaseUntil, worksFor });
      signal.throwIfAborted();
      const report = await followBuilder(place.api, instanceId, {
        ...{ patience, signal },
        onReport: (said) => stages.hear(said),
      });
      stages.at("image", 0, "Making an image of the builder's disk");
      const { installation, deployment } = place;
      return await createImage(
        place.api,
        {
          ...{ instanceId, installation, deployment, machineKind, recipe, now: clock() },
          description: `Drydock machine on ${debian.name}: ${report.versions.join(", ")}`,
        },
        { patience, signal, onWait: () => stages.tick(), onLeft: options.onLeft },
      );
    } finally {
      await clear(options.onLeft, "The builder", () => endOwn(place, instanceId, worksFor));
    }
  } finally {
    await clear(options.onLeft, `The file ${key} in the bucket`, () => place.store.delete(key));
  }
}

/** By its id, and by its tag where nobody learned its id because the answer to its launch was lost. */
async function endOwn(place: ImagePlace, instanceId: string | undefined, worksFor: string): Promise<void> {
  if (instanceId !== undefined) return endBuilder(place.api, instanceId);
  for (const builder of await findBuilders(place.api, place.installation))
    if (builder.worksFor === worksFor) await endBuilder(place.api, builder.instanceId);
}

/** Why something stays must not hide why the build failed. */
async function clear(onLeft: BuildOptions["onLeft"], what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    onLeft(`${what} could not be removed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Which part of the whole is done, by what each part takes. */
function createStages(steps: readonly Layer[], { clock, onProgress }: BuildOptions) {
  const parts = [
    { name: "send", seconds: seconds.send },
    { name: "start", seconds: seconds.start },
    ...steps.map((layer) => ({ name: layer.step, seconds: layer.seconds, title: layer.title })),
    { name: "clean", seconds: seconds.stop },
    { name: "image", seconds: seconds.image },
  ];
  const total = parts.reduce((sum, part) => sum + part.seconds, 0);
  const began = clock().getTime();
  let reached = 0;
  let doing = "";
  let imageSince: number | null = null;
  const elapsed = () => (clock().getTime() - began) / 1000;
  const tell = () =>
    onProgress({ step: doing, fraction: reached, secondsLeft: timeLeft(total, reached, elapsed()) });
  const at = (name: string, fraction: number, said?: string) => {
    const index = parts.findIndex((part) => part.name === name);
    if (index === -1) return;
    const before = parts.slice(0, index).reduce((sum, part) => sum + part.seconds, 0);
    // What a console says may be older than what was heard before.
    reached = Math.max(reached, (before + fraction * (parts[index]?.seconds ?? 0)) / total);
    doing = said ?? doing;
    tell();
  };
  return {
    at,
    hear({ step, fraction, doing: said, outcome }: BuilderReport) {
      if (outcome.is === "done") return at("clean", 0.5, "Waiting until the builder has powered off");
      if (step === null) return tell();
      if (step === "start" || step === "fetch")
        return at("start", step === "start" ? 0.5 : 0.8, "Bringing the recipe to the builder");
      const part = steps.find((layer) => layer.step === step);
      at(step, fraction, said ?? part?.title ?? "Clearing up");
    },
    /** EC2 does not say how far an image is: by the time that one takes. */
    tick() {
      imageSince ??= clock().getTime();
      const waited = (clock().getTime() - imageSince) / 1000;
      at("image", Math.min(0.95, waited / seconds.image));
    },
  };
}
