import type { KubeConfig } from "@kubernetes/client-node";
import { type ApiRefusal, apiRefusal } from "../api/api-error.ts";
import { type ApiAnswer, requestApi } from "../api/request-api.ts";
import type { PlacedObject } from "./place-object.ts";

export type SendOutcome =
  | { outcome: "taken"; made: boolean; warnings: string[] }
  | { outcome: "refused"; refusal: ApiRefusal };

/** Who the API server notes as the owner of the fields. */
const fieldManager = "student";

/**
 * Lets the API server read, default and validate an object as if it were to be made, with every unknown field an
 * error. That it is there already is no refusal: the server says so only after all the rest.
 */
export function tryObject(
  config: KubeConfig,
  object: PlacedObject,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const query = { dryRun: "All", fieldValidation: "Strict", fieldManager };
  return outcomeOf(
    () =>
      requestApi(config, { method: "POST", path: object.path, query, body: withNamespace(object) }, signal),
    (refusal) => refusal.reason === "AlreadyExists",
  );
}

/** Server-side apply, or a dry run of it: makes the object, or makes the one that is there like it. */
export function applyObject(
  config: KubeConfig,
  object: PlacedObject,
  { dryRun, signal }: { dryRun: boolean; signal: AbortSignal },
): Promise<SendOutcome> {
  const name = encodeURIComponent(object.document.object.metadata.name);
  return outcomeOf(() =>
    requestApi(
      config,
      {
        method: "PATCH",
        path: `${object.path}/${name}`,
        query: {
          fieldManager,
          // What checks did to it in between (scaling, a new image) is the student's again.
          force: "true",
          fieldValidation: "Strict",
          dryRun: dryRun ? "All" : undefined,
        },
        contentType: "application/apply-patch+yaml",
        body: withNamespace(object),
      },
      signal,
    ),
  );
}

async function outcomeOf(
  send: () => Promise<ApiAnswer<unknown>>,
  isFine: (refusal: ApiRefusal) => boolean = () => false,
): Promise<SendOutcome> {
  try {
    const { code, warnings } = await send();
    return { outcome: "taken", made: code === 201, warnings };
  } catch (error) {
    const refusal = apiRefusal(error);
    // What server-side apply cannot read it answers with 500; any other is the cluster's own trouble.
    if (refusal === null || (refusal.code >= 500 && !/typed patch object/.test(refusal.message))) throw error;
    return isFine(refusal)
      ? { outcome: "taken", made: false, warnings: [] }
      : { outcome: "refused", refusal };
  }
}

const withNamespace = ({ document: { object }, namespace }: PlacedObject) =>
  namespace === null ? object : { ...object, metadata: { ...object.metadata, namespace } };
