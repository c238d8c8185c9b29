import { judgeParts, type Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import { defineCheck } from "../../kit/define-check.ts";
import { explainUnknownKind } from "../kit/manifests/explain-kind.ts";
import { explainRefusal } from "../kit/manifests/explain-refusal.ts";
import {
  type Finding,
  findDeadServices,
  findDuplicates,
  findRivals,
  findSelfMismatch,
  partOf,
  templatesOf,
} from "../kit/manifests/judge-manifests.ts";
import { type KnownKind, knownKinds } from "../kit/manifests/known-kinds.ts";
import { placeObject, whatIs } from "../kit/manifests/place-object.ts";
import { type ManifestDocument, readManifests } from "../kit/manifests/read-manifests.ts";
import { tryObject } from "../kit/manifests/send-object.ts";
import { kubernetesManifest } from "./settings.ts";

export const validateManifests = defineCheck(kubernetesManifest, async (context, settings) => {
  const read = await readManifests(context, settings.manifests);
  if (read.outcome === "refused") return { verdict: "failed", message: read.message };
  const { documents } = read;
  const { namespaces, version } = context.kubernetes();
  const namespace = settings.namespace ?? namespaces[0];
  const kinds = await knownKinds(context);
  const templates = templatesOf(documents);
  const known = documents.filter((each) => placeObject(each, kinds, namespace) !== null);
  const parts: Part[] = [
    partOf(
      `Every object has a kind and API version that Kubernetes ${version} has`,
      findUnknown(documents, kinds, version),
    ),
    partOf("No two objects have the same kind and name", findDuplicates(documents, namespace)),
    partOf("Every workload selects the pods that its own template makes, and no other's", [
      ...findSelfMismatch(templates),
      ...findRivals(templates, namespace),
    ]),
    partOf(
      "Every Service selects pods that were handed in, and its targetPort is a port of theirs",
      findDeadServices(documents, templates, namespace),
    ),
    partOf(
      `Every field is one that ${version} knows, with a value that it takes`,
      await findInvalid(context, known, kinds, namespace),
    ),
    ...settings.objects.map((wanted) => requiredPart(wanted, documents)),
  ];
  return judgeParts(
    parts,
    settings.partial,
    context.maxPoints,
    `${documents.length === 1 ? "The one object is" : `All ${documents.length} objects are`} valid.`,
  );
});

function findUnknown(documents: ManifestDocument[], kinds: KnownKind[], version: string): Finding[] {
  return documents.flatMap((document) => {
    const { apiVersion, kind } = document.object;
    if (kinds.some((each) => each.apiVersion === apiVersion && each.kind === kind)) return [];
    const { happened, fix } = explainUnknownKind(apiVersion, kind, kinds, version);
    return [{ happened: `${whatIs(document)} ${happened}.`, fix }];
  });
}

/**
 * Lets the API server validate every object, with full rights and in the exercise's own namespace: whether the
 * student may make it, and there, is for kubernetes/apply to say.
 */
async function findInvalid(
  context: CheckContext,
  documents: ManifestDocument[],
  kinds: KnownKind[],
  namespace: string,
): Promise<Finding[]> {
  const { admin, namespaces } = context.kubernetes();
  const findings: Finding[] = [];
  for (const document of documents) {
    const { metadata } = document.object;
    const here = { ...document.object, metadata: { ...metadata, namespace: undefined } };
    const object = placeObject({ ...document, object: here }, kinds, namespace);
    if (object === null) continue;
    const tried = await tryObject(admin, object, context.signal);
    if (tried.outcome === "taken" || tried.refusal.code === 403) continue;
    // Told already by the rule about selectors, which names the labels.
    if (
      /`selector` does not match template `labels`/.test(tried.refusal.message) &&
      tried.refusal.causes.length < 2
    )
      continue;
    const { kind, namespaced } = object.kind;
    findings.push(explainRefusal({ what: whatIs(document), kind, namespaced, namespaces }, tried.refusal));
  }
  return findings;
}

function requiredPart(wanted: { kind: string; name?: string }, documents: ManifestDocument[]): Part {
  const what = wanted.name ? `A ${wanted.kind} named ${wanted.name}` : `A ${wanted.kind}`;
  const same = documents.filter((each) => each.object.kind === wanted.kind);
  const found = same.some((each) => !wanted.name || each.object.metadata.name === wanted.name);
  const names = same.map((each) => each.object.metadata.name).join(", ");
  const kinds = [...new Set(documents.map((each) => each.object.kind))].join(", ");
  return {
    expected: `${what} was handed in`,
    problem: found
      ? null
      : {
          happened: names
            ? `There is no ${wanted.kind} named ${wanted.name}; there is ${names}.`
            : `There is no ${wanted.kind} among the manifests, which hold ${kinds}.`,
          fix: names ? `Name it ${wanted.name}.` : `Write ${what.replace(/^A/, "a")}.`,
        },
  };
}
