import { readReference, wholeName } from "./image-reference.ts";

/**
 * What BuildKit may use in a build, by its source policy: the submission's own files and the catalogue's images, and
 * nothing else by whatever instruction it is asked for: FROM with a name made by ARG, COPY --from, RUN --mount=from,
 * a syntax directive, ADD of an address. The later rule wins.
 */
export function sourcePolicy(catalogue: string[]) {
  const allow = (identifier: string) => ({ action: "ALLOW", selector: { identifier } });
  return {
    rules: [
      { action: "DENY", selector: { identifier: "*" } },
      allow("local://*"),
      // BuildKit asks again with the digest that it found.
      ...catalogue
        .map((name) => `${imageSource}${catalogueName(name)}`)
        .flatMap((source) => [allow(source), allow(`${source}@*`)]),
    ],
  };
}

const imageSource = "docker-image://";

/** A name of the catalogue with its registry and tag, as BuildKit spells it. */
export function catalogueName(name: string): string {
  const read = readReference(name);
  // What the recipe or the engine has a name for is one.
  if (read.outcome === "wrong") throw new Error(`${name} of the catalogue is no image's name. ${read.rule}`);
  return wholeName(read.reference);
}

/** What a build was denied, as people write it: an image's name or an address; null when it was denied nothing. */
export function findDenied(output: string): { what: "image" | "address"; name: string } | null {
  const source = /source "([^"\n]*)" denied by policy/.exec(output)?.[1];
  if (source === undefined) return null;
  if (!source.startsWith(imageSource)) return { what: "address", name: source };
  const name = source.slice(imageSource.length).replace(/^docker\.io\/(library\/)?/, "");
  return { what: "image", name };
}
