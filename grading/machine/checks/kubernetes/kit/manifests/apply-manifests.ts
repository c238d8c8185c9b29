import type { KubeConfig } from "@kubernetes/client-node";
import type { CheckMessage } from "../../../../../protocol/messages.ts";
import type { CheckContext } from "../../../kit/define-check.ts";
import { quoteOutput } from "../../../kit/words/quote-output.ts";
import type { ApiRefusal } from "../api/api-error.ts";
import { missingAccount } from "../pods/refused-creation.ts";
import { explainUnknownKind } from "./explain-kind.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { knownKinds } from "./known-kinds.ts";
import { inApplyOrder, type PlacedObject, placeObject, whatIs } from "./place-object.ts";
import type { ManifestDocument } from "./read-manifests.ts";
import { applyObject, tryObject } from "./send-object.ts";

export interface ApplyOptions {
  /** Where objects go that name no namespace. */
  namespace: string;
  /** cluster.student for what a student handed in. */
  config: KubeConfig;
}

export type ApplyOutcome =
  /** warnings are sentences of the API server's, each with its object. */
  | { outcome: "applied"; objects: PlacedObject[]; warnings: string[] }
  | { outcome: "refused"; message: CheckMessage };

interface Problem {
  happened: string;
  fix: string;
}

/**
 * Server-side apply of all documents, in the order in which they need each other. Everything is tried first as a dry
 * run, and nothing is applied unless all of it would be taken. Throws when the cluster itself fails.
 */
export async function applyManifests(
  context: CheckContext,
  documents: ManifestDocument[],
  { namespace, config }: ApplyOptions,
): Promise<ApplyOutcome> {
  const placed = await place(context, documents, namespace);
  const objects = inApplyOrder(placed.objects);
  const problems = [...placed.problems];
  for (const object of objects) {
    const refusal = await tryBoth(context, config, object);
    if (refusal && !isAnsweredBy(refusal, objects)) problems.push(explain(context, object, refusal));
  }
  if (problems.length > 0) return refuse(problems, "Nothing was applied.");
  const warnings: string[] = [];
  for (const object of objects) {
    const sent = await applyObject(config, object, { dryRun: false, signal: context.signal });
    if (sent.outcome === "refused")
      return refuse(
        [explain(context, object, sent.refusal)],
        "What comes before it was applied; it and what comes after it were not.",
      );
    const { kind, metadata } = object.document.object;
    context.log(`${kind} ${metadata.name} ${sent.made ? "made" : "applied"}`);
    for (const warning of sent.warnings) {
      warnings.push(`${kind} ${metadata.name}: ${quoteOutput(warning)}`);
      context.log(`${kind} ${metadata.name}: warning: ${warning}`);
    }
  }
  return { outcome: "applied", objects, warnings };
}

function refuse(problems: Problem[], end: string): ApplyOutcome {
  const shown = problems.slice(0, 10);
  const more = problems.length - shown.length;
  return {
    outcome: "refused",
    message: {
      expected: "The API server takes every object that was handed in.",
      happened: [...shown.map((each) => each.happened), more > 0 ? `And ${more} more. ${end}` : end].join(
        "\n",
      ),
      fix: [...new Set(shown.map((each) => each.fix))].join("\n"),
    },
  };
}

async function place(context: CheckContext, documents: ManifestDocument[], namespace: string) {
  const { namespaces, version } = context.kubernetes();
  const kinds = await knownKinds(context);
  const objects: PlacedObject[] = [];
  const problems: Problem[] = [];
  for (const document of documents) {
    const { apiVersion, kind, metadata } = document.object;
    const object = placeObject(document, kinds, namespace);
    if (object === null) {
      const { happened, fix } = explainUnknownKind(apiVersion, kind, kinds, version);
      problems.push({ happened: `${whatIs(document)} ${happened}.`, fix });
    } else if (kind === "Namespace" && apiVersion === "v1" && namespaces.includes(metadata.name))
      context.log(`Namespace ${metadata.name} is there already: left as it is`);
    else if (object.namespace !== null && !namespaces.includes(object.namespace))
      problems.push(elsewhere(document, object.namespace, namespaces));
    else objects.push(object);
  }
  return { objects, problems };
}

const elsewhere = (document: ManifestDocument, namespace: string, namespaces: string[]): Problem => ({
  happened: `${whatIs(document)} is for the namespace ${namespace}, which is not the exercise's.`,
  fix:
    namespaces.length === 1
      ? `Remove metadata.namespace, or write ${namespaces[0]}.`
      : `Write one of the exercise's namespaces: ${namespaces.join(", ")}.`,
});

/** The refusal of either way to read it; the first says best what is wrong with a field. */
async function tryBoth(context: CheckContext, config: KubeConfig, object: PlacedObject) {
  const tried = await tryObject(config, object, context.signal);
  if (tried.outcome === "refused") return tried.refusal;
  const applied = await applyObject(config, object, { dryRun: true, signal: context.signal });
  return applied.outcome === "refused" ? applied.refusal : null;
}

/** A dry run leaves nothing behind, so a pod is refused for its service account although that comes before it. */
function isAnsweredBy({ message }: ApiRefusal, objects: PlacedObject[]): boolean {
  const account = missingAccount.exec(message)?.[1];
  return objects.some(
    ({ document: { object } }) => object.kind === "ServiceAccount" && object.metadata.name === account,
  );
}

function explain(context: CheckContext, object: PlacedObject, refusal: ApiRefusal): Problem {
  const { kind, namespaced } = object.kind;
  const { namespaces } = context.kubernetes();
  return explainRefusal({ what: whatIs(object.document), kind, namespaced, namespaces }, refusal);
}
