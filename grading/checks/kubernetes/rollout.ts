import type { V1Deployment } from "@kubernetes/client-node";
import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import { createClients } from "../parts/kubernetes/clients.ts";
import { explainWorkload } from "../parts/kubernetes/explain-workload.ts";
import { namespaceSetting, objectName, readySeconds } from "../parts/kubernetes/kubernetes-settings.ts";
import { missingObject } from "../parts/kubernetes/missing-object.ts";
import { waitUntil } from "../parts/kubernetes/wait-until.ts";
import { watched } from "../parts/kubernetes/watched.ts";

const settings = z.strictObject({
  deployment: objectName.describe("Name of the Deployment."),
  namespace: namespaceSetting,
  readySeconds,
  replicas: z
    .number()
    .int()
    .min(1)
    .max(50)
    .optional()
    .describe("How many replicas it must ask for; any number from 1 when left out."),
});

export const awaitRollout = defineCheck({
  kind: "kubernetes/rollout",
  summary: "A Deployment is ready in time: all its replicas, of the newest revision.",
  settings,
  defaultTimeoutSeconds: 120,

  async run(context, settings) {
    const cluster = context.kubernetes();
    const namespace = settings.namespace ?? cluster.namespaces[0];
    const what = `Deployment ${settings.deployment}`;
    const expected = `${what} has all its replicas ready within ${settings.readySeconds} s.`;
    const failed = (happened: string, fix: string) =>
      ({ verdict: "failed", message: { expected, happened, fix } }) as const;
    const clients = createClients(cluster.admin, context.signal);
    const missing = await missingObject(clients, "Deployment", namespace, settings.deployment);
    if (missing) return failed(missing.happened, missing.fix);
    const waited = await waitUntil<V1Deployment, V1Deployment>(
      cluster.admin,
      watched("Deployment", namespace, { name: settings.deployment }),
      ([deployment]) => (deployment && isRolledOut(deployment) ? deployment : null),
      { seconds: settings.readySeconds, signal: context.signal },
    );
    const replicas = waited.objects[0]?.spec?.replicas ?? 0;
    if (replicas === 0) return failed(`${what} asks for no replicas.`, "Set spec.replicas to 1 or more.");
    if (waited.outcome === "late") {
      const trouble = await explainWorkload(context, "Deployment", namespace, settings.deployment);
      const ready = waited.objects[0]?.status?.readyReplicas ?? 0;
      return failed(
        `After ${settings.readySeconds} s, ${ready} of ${replicas} replicas were ready. ${trouble.happened}`,
        trouble.fix,
      );
    }
    if (settings.replicas !== undefined && replicas !== settings.replicas)
      return failed(
        `${what} asks for ${replicas} replicas; ${settings.replicas} are asked for here.`,
        `Set spec.replicas to ${settings.replicas}.`,
      );
    return {
      verdict: "passed",
      message: { expected, happened: `${replicas} of ${replicas} replicas are ready.`, fix: "" },
    };
  },
});

/** As kubectl rollout status sees it: the newest template is the only one that runs, and all of it is available. */
function isRolledOut({ metadata, spec, status }: V1Deployment): boolean {
  const replicas = spec?.replicas ?? 1;
  return (
    (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0) &&
    (status?.updatedReplicas ?? 0) === replicas &&
    (status?.replicas ?? 0) === replicas &&
    (status?.availableReplicas ?? 0) === replicas
  );
}
