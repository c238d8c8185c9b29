import type { AccountImage } from "./list-images.ts";

/** Why an image stays. */
export interface ImagesInUse {
  /** The hash of this version's recipe, by machine kind: the newest image of it is what is launched. */
  recipes: ReadonlyMap<string, string>;
  /** Of which instances are running. */
  running: ReadonlySet<string>;
}

/** The images that this version launches: of each kind the newest available one of its recipe. */
export function usedByThisVersion(
  images: readonly AccountImage[],
  recipes: ImagesInUse["recipes"],
): Set<string> {
  const used = new Set<string>();
  for (const [machineKind, recipe] of recipes) {
    const [newest] = newestFirst(
      images.filter(
        (image) =>
          image.machineKind === machineKind && image.recipe === recipe && image.state === "available",
      ),
    );
    if (newest !== undefined) used.add(newest.imageId);
  }
  return used;
}

/**
 * What may go: of each kind all but the `keep` newest that can be launched, what this version launches and what
 * instances run on. One that failed goes, and one that is being made stays.
 */
export function chooseRemovable(
  images: readonly AccountImage[],
  keep: number,
  inUse: ImagesInUse,
): AccountImage[] {
  const used = usedByThisVersion(images, inUse.recipes);
  const kept = new Set<AccountImage>();
  const available = newestFirst(images.filter(({ state }) => state === "available"));
  for (const kind of new Set(available.map(({ machineKind }) => machineKind)))
    for (const image of available.filter(({ machineKind }) => machineKind === kind).slice(0, keep))
      kept.add(image);
  return images.filter(
    (image) =>
      image.state !== "pending" &&
      !kept.has(image) &&
      !used.has(image.imageId) &&
      !inUse.running.has(image.imageId),
  );
}

const newestFirst = (images: readonly AccountImage[]): AccountImage[] =>
  images.toSorted((a, b) => b.madeAt.getTime() - a.madeAt.getTime());
