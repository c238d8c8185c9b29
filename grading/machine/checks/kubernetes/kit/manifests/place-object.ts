import type { KnownKind } from "./known-kinds.ts";
import type { ManifestDocument } from "./read-manifests.ts";

/** An object of the student's with where it goes in the API. */
export interface PlacedObject {
  document: ManifestDocument;
  kind: KnownKind;
  /** null for kinds that belong to the whole cluster. */
  namespace: string | null;
  /** The path of its collection, such as /apis/apps/v1/namespaces/student/deployments. */
  path: string;
}

/** Names an object in a sentence: “Deployment web (k8s/web.yaml, line 3)”. */
export const whatIs = ({ file, line, object }: ManifestDocument) =>
  `${object.kind} ${object.metadata.name} (${file}, line ${line})`;

/** Finds the place of an object; null when the cluster has no such kind. */
export function placeObject(
  document: ManifestDocument,
  kinds: KnownKind[],
  defaultNamespace: string,
): PlacedObject | null {
  const { apiVersion, kind, metadata } = document.object;
  const known = kinds.find((each) => each.apiVersion === apiVersion && each.kind === kind);
  if (!known) return null;
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = known.namespaced ? (metadata.namespace ?? defaultNamespace) : null;
  const within = namespace === null ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return { document, kind: known, namespace, path: `${root}${within}/${known.plural}` };
}

/** Objects in the order in which others need them: settings and volumes, addresses, then what runs. */
export function inApplyOrder(objects: PlacedObject[]): PlacedObject[] {
  const rank = ({ kind }: PlacedObject) => {
    const at = order.indexOf(kind.kind);
    return at === -1 ? order.length : at;
  };
  return objects
    .map((object, index) => ({ object, index }))
    .sort((a, b) => rank(a.object) - rank(b.object) || a.index - b.index)
    .map(({ object }) => object);
}

const order = [
  "Namespace",
  "ResourceQuota",
  "LimitRange",
  "ServiceAccount",
  "Role",
  "RoleBinding",
  "Secret",
  "ConfigMap",
  "PersistentVolumeClaim",
  "NetworkPolicy",
  "Service",
  "PodDisruptionBudget",
  "Pod",
  "ReplicationController",
  "ReplicaSet",
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "Job",
  "CronJob",
  "HorizontalPodAutoscaler",
  "Ingress",
];
