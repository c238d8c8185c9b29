import type { KubernetesObject, V1LimitRange, V1ResourceQuota, V1RoleBinding } from "@kubernetes/client-node";
import type { KubernetesSettings } from "../kinds/kubernetes.ts";
import { place } from "./cluster-plan.ts";

/**
 * Counts only: how much of processor and memory there is, the nodes say themselves, and a pod that asks for more must
 * be seen waiting. They keep one namespace from filling the API server's store.
 */
const quota: Record<string, string> = {
  pods: "60",
  services: "40",
  "services.nodeports": "20",
  persistentvolumeclaims: "20",
  "requests.storage": "20Gi",
  "count/configmaps": "100",
  "count/secrets": "100",
  "count/serviceaccounts": "40",
  "count/deployments.apps": "40",
  "count/replicasets.apps": "200",
  "count/statefulsets.apps": "40",
  "count/daemonsets.apps": "20",
  "count/controllerrevisions.apps": "200",
  "count/jobs.batch": "100",
  "count/cronjobs.batch": "20",
  "count/roles.rbac.authorization.k8s.io": "40",
  "count/rolebindings.rbac.authorization.k8s.io": "40",
  "count/ingresses.networking.k8s.io": "40",
  "count/networkpolicies.networking.k8s.io": "40",
  "count/horizontalpodautoscalers.autoscaling": "20",
  "count/poddisruptionbudgets.policy": "20",
};

/** For containers that state nothing: one of them must not take the node from all others. */
const limits = {
  type: "Container",
  default: { cpu: "1", memory: "256Mi", "ephemeral-storage": "1Gi" },
  defaultRequest: { cpu: "20m", memory: "32Mi", "ephemeral-storage": "0" },
  // Files of pods lie on the disk of the computer that the machine runs on; the kubelet ends a pod that has more.
  max: { "ephemeral-storage": "2Gi" },
};

/** Everything that a namespace of the exercise holds before the student's manifests, in the order of its making. */
export function studentNamespace(
  name: string,
  podSecurity: KubernetesSettings["podSecurity"],
): KubernetesObject[] {
  const metadata = { name: "drydock", namespace: name };
  const resourceQuota: V1ResourceQuota = {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata,
    spec: { hard: quota },
  };
  const limitRange: V1LimitRange = {
    apiVersion: "v1",
    kind: "LimitRange",
    metadata,
    spec: { limits: [limits] },
  };
  const rights: V1RoleBinding = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "student", namespace: name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "admin" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "student" }],
  };
  return [namespace(name, podSecurity), resourceQuota, limitRange, rights];
}

export const probeNamespace = (): KubernetesObject => namespace(place.probeNamespace, "privileged");

const namespace = (name: string, level: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: {
    name,
    labels: {
      "pod-security.kubernetes.io/enforce": level,
      "pod-security.kubernetes.io/enforce-version": "latest",
      "pod-security.kubernetes.io/warn": level,
      "pod-security.kubernetes.io/warn-version": "latest",
    },
  },
});
