import type { ImageFacts } from "./image-facts.ts";
import type { Layer } from "./recipe.ts";

/**
 * Which layers have to be made, from the bottom up: those that are missing, and where an age is asked for the first
 * whose packages are older, with all above it.
 */
export function dueLayers(
  layers: Layer[],
  factsOf: (layer: Layer) => Pick<ImageFacts, "madeAt" | "dated"> | null,
  notBefore?: Date,
): Layer[] {
  const missing = layers.filter((layer) => factsOf(layer) === null);
  if (notBefore === undefined) return missing;
  const packages = layers.findIndex(({ step }) => step === "packages");
  const dated = layers.some((layer, index) => index === packages && factsOf(layer)?.dated === true);
  const oldest = layers.findIndex((layer, index) => {
    const facts = factsOf(layer);
    // A root may have been old when it was pulled: it is as old as what is installed in it.
    if (index < packages || facts === null) return false;
    // What is made on packages with a date inherits it, so one without was made on older ones.
    return facts.madeAt < notBefore || (dated && !facts.dated);
  });
  if (oldest === -1) return missing;
  const from = oldest === packages ? 0 : oldest;
  return layers.filter((layer, index) => index >= from || missing.includes(layer));
}
