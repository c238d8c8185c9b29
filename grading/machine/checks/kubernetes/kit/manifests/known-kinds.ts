import { z } from "zod";
import type { CheckContext } from "../../../kit/define-check.ts";
import { requestApi } from "../api/request-api.ts";

/** A kind of object that the cluster serves. */
export interface KnownKind {
  /** Such as apps/v1. */
  apiVersion: string;
  kind: string;
  /** As it is in paths, such as deployments. */
  plural: string;
  namespaced: boolean;
}

const discovery = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string().default("") }).default({ name: "" }),
      versions: z.array(
        z.object({
          version: z.string(),
          resources: z
            .array(
              z.object({
                resource: z.string(),
                scope: z.string(),
                verbs: z.array(z.string()).default([]),
                responseKind: z.object({ kind: z.string() }).nullish(),
              }),
            )
            .default([]),
        }),
      ),
    }),
  ),
});

const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** All kinds that can be made in the run's cluster, preferred versions first; asked once a run. */
export function knownKinds(context: CheckContext): Promise<KnownKind[]> {
  const key = "kubernetes/known-kinds";
  const known = context.shared.get(key) as Promise<KnownKind[]> | undefined;
  if (known) return known;
  const asked = discover(context);
  context.shared.set(key, asked);
  return asked;
}

async function discover(context: CheckContext): Promise<KnownKind[]> {
  const { admin } = context.kubernetes();
  const answers = await Promise.all(
    ["/api", "/apis"].map((path) => requestApi(admin, { method: "GET", path, accept }, context.signal)),
  );
  return answers.flatMap(({ body }) => kindsOf(discovery.parse(body)));
}

function kindsOf({ items }: z.output<typeof discovery>): KnownKind[] {
  return items.flatMap(({ metadata, versions }) =>
    versions.flatMap(({ version, resources }) =>
      resources
        .filter(({ verbs, responseKind }) => responseKind && verbs.includes("create"))
        .map(({ resource, scope, responseKind }) => ({
          apiVersion: metadata.name ? `${metadata.name}/${version}` : version,
          kind: responseKind?.kind ?? "",
          plural: resource,
          namespaced: scope === "Namespaced",
        })),
    ),
  );
}
