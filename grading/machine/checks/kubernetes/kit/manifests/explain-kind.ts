import { editDistance } from "../../../kit/words/edit-distance.ts";
import type { KnownKind } from "./known-kinds.ts";
import { removedVersion } from "./removed-versions.ts";

/** Why the cluster knows no such kind of object, as the end of a sentence that begins with the object, and the fix. */
export function explainUnknownKind(
  apiVersion: string,
  kind: string,
  known: KnownKind[],
  version: string,
): { happened: string; fix: string } {
  const gone = removedVersion(apiVersion, kind);
  if (gone)
    return {
      happened: `has the API version ${apiVersion}, which Kubernetes removed in ${gone.since}; this cluster is ${version}`,
      fix: [
        gone.replacement
          ? `Write apiVersion: ${gone.replacement} for ${kind}.`
          : `There is no ${kind} any more.`,
        gone.note,
      ]
        .filter(Boolean)
        .join(" "),
    };
  const versions = known.filter((each) => each.kind === kind).map((each) => each.apiVersion);
  if (versions.length > 0)
    return {
      happened: `has the API version ${apiVersion}, in which the cluster (${version}) has no ${kind}`,
      fix: `Write apiVersion: ${versions[0]} for ${kind}.`,
    };
  const near = nearestKind(kind, known);
  const group = apiVersion.includes("/") && !known.some((each) => each.apiVersion === apiVersion);
  return {
    happened: `is of the kind ${kind} (${apiVersion}), which the cluster (${version}) does not have`,
    fix: near
      ? `Did you mean kind: ${near.kind} with apiVersion: ${near.apiVersion}?`
      : group && apiVersion.includes(".")
        ? `Leave it out: ${kind} belongs to an extension (a CustomResourceDefinition with its controller) that is not installed here.`
        : "Correct kind and apiVersion: kubectl api-resources lists them.",
  };
}

/** The kind whose name differs only in case or by a letter or two. */
function nearestKind(kind: string, known: KnownKind[]): KnownKind | null {
  const wanted = kind.toLowerCase();
  const plural = known.find((each) => each.kind.toLowerCase() === wanted || each.plural === wanted);
  if (plural) return plural;
  const [best] = known
    .map((each) => ({ each, far: editDistance(wanted, each.kind.toLowerCase()) }))
    .filter(({ far }) => far <= 2)
    .sort((a, b) => a.far - b.far);
  return best?.each ?? null;
}
