import type { KubernetesListObject, V1Deployment, V1ReplicaSet } from "@kubernetes/client-node";
import type { CheckContext } from "../../../kit/define-check.ts";
import { requestApi } from "../api/request-api.ts";
import { watched } from "../api/watched.ts";

export interface Revision {
  number: number;
  /** As the API server gives it. */
  replicaSet: V1ReplicaSet;
}

const revisionAnnotation = "deployment.kubernetes.io/revision";
/** A label that the controller adds to each ReplicaSet's own template. */
const hashLabel = "pod-template-hash";

/** A Deployment's revisions, oldest first. */
export async function revisionsOf(context: CheckContext, deployment: V1Deployment): Promise<Revision[]> {
  const { uid, namespace = "" } = deployment.metadata ?? {};
  const { body } = await requestApi<KubernetesListObject<V1ReplicaSet>>(
    context.kubernetes().admin,
    { method: "GET", path: watched("ReplicaSet", namespace).path },
    context.signal,
  );
  return body.items
    .filter(({ metadata }) => metadata?.ownerReferences?.some((owner) => owner.uid === uid))
    .map((replicaSet) => ({
      number: Number(replicaSet.metadata?.annotations?.[revisionAnnotation] ?? 0),
      replicaSet,
    }))
    .sort((a, b) => a.number - b.number);
}

/** A revision's template as it was in the Deployment. */
export function templateOf({ replicaSet }: Revision): unknown {
  const template = structuredClone(replicaSet.spec?.template);
  if (template?.metadata?.labels) delete template.metadata.labels[hashLabel];
  return template;
}

/** Patches a Deployment with the student's rights, as kubectl set or kubectl rollout undo would. */
export async function patchDeployment(
  context: CheckContext,
  { namespace, name }: { namespace: string; name: string },
  contentType: "application/json-patch+json" | "application/strategic-merge-patch+json",
  body: unknown,
): Promise<V1Deployment> {
  const path = `${watched("Deployment", namespace).path}/${name}`;
  const { student } = context.kubernetes();
  const answer = await requestApi<V1Deployment>(
    student,
    { method: "PATCH", path, body, contentType },
    context.signal,
  );
  return answer.body;
}
