/** API versions that Kubernetes has removed: since when, and what takes their place. */
interface Removed {
  apiVersion: string;
  kinds: string[];
  since: string;
  /** null when the kind is gone altogether. */
  replacement: string | null;
  /** What else must change. */
  note?: string;
}

const selector = "It also needs spec.selector, which must match the labels of the pods' template.";
const ingress =
  "It also needs pathType, and writes a backend as service: {name: …, port: {number: …}} instead of serviceName and servicePort.";
const security = "Pod Security labels of the namespace do its work now; remove it.";

const removed: Removed[] = [
  {
    apiVersion: "extensions/v1beta1",
    kinds: ["Deployment", "DaemonSet", "ReplicaSet"],
    since: "1.16",
    replacement: "apps/v1",
    note: selector,
  },
  {
    apiVersion: "extensions/v1beta1",
    kinds: ["Ingress"],
    since: "1.22",
    replacement: "networking.k8s.io/v1",
    note: ingress,
  },
  {
    apiVersion: "extensions/v1beta1",
    kinds: ["NetworkPolicy"],
    since: "1.16",
    replacement: "networking.k8s.io/v1",
  },
  {
    apiVersion: "extensions/v1beta1",
    kinds: ["PodSecurityPolicy"],
    since: "1.16",
    replacement: null,
    note: security,
  },
  {
    apiVersion: "apps/v1beta1",
    kinds: ["Deployment", "StatefulSet", "ControllerRevision"],
    since: "1.16",
    replacement: "apps/v1",
    note: selector,
  },
  {
    apiVersion: "apps/v1beta2",
    kinds: ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ControllerRevision"],
    since: "1.16",
    replacement: "apps/v1",
    note: selector,
  },
  { apiVersion: "batch/v1beta1", kinds: ["CronJob"], since: "1.25", replacement: "batch/v1" },
  { apiVersion: "batch/v2alpha1", kinds: ["CronJob"], since: "1.21", replacement: "batch/v1" },
  {
    apiVersion: "networking.k8s.io/v1beta1",
    kinds: ["Ingress"],
    since: "1.22",
    replacement: "networking.k8s.io/v1",
    note: ingress,
  },
  {
    apiVersion: "networking.k8s.io/v1beta1",
    kinds: ["IngressClass"],
    since: "1.22",
    replacement: "networking.k8s.io/v1",
  },
  { apiVersion: "policy/v1beta1", kinds: ["PodDisruptionBudget"], since: "1.25", replacement: "policy/v1" },
  {
    apiVersion: "policy/v1beta1",
    kinds: ["PodSecurityPolicy"],
    since: "1.25",
    replacement: null,
    note: security,
  },
  {
    apiVersion: "autoscaling/v2beta1",
    kinds: ["HorizontalPodAutoscaler"],
    since: "1.25",
    replacement: "autoscaling/v2",
    note: "Its metrics state target: {type: Utilization, averageUtilization: …} now.",
  },
  {
    apiVersion: "autoscaling/v2beta2",
    kinds: ["HorizontalPodAutoscaler"],
    since: "1.26",
    replacement: "autoscaling/v2",
  },
  ...["v1beta1", "v1alpha1"].map((version) => ({
    apiVersion: `rbac.authorization.k8s.io/${version}`,
    kinds: ["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"],
    since: "1.22",
    replacement: "rbac.authorization.k8s.io/v1",
  })),
  ...["v1beta1", "v1alpha1"].map((version) => ({
    apiVersion: `scheduling.k8s.io/${version}`,
    kinds: ["PriorityClass"],
    since: "1.22",
    replacement: "scheduling.k8s.io/v1",
  })),
  {
    apiVersion: "storage.k8s.io/v1beta1",
    kinds: ["StorageClass", "VolumeAttachment", "CSIDriver", "CSINode"],
    since: "1.22",
    replacement: "storage.k8s.io/v1",
  },
  {
    apiVersion: "storage.k8s.io/v1beta1",
    kinds: ["CSIStorageCapacity"],
    since: "1.27",
    replacement: "storage.k8s.io/v1",
  },
  {
    apiVersion: "apiextensions.k8s.io/v1beta1",
    kinds: ["CustomResourceDefinition"],
    since: "1.22",
    replacement: "apiextensions.k8s.io/v1",
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1beta1",
    kinds: ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
    since: "1.22",
    replacement: "admissionregistration.k8s.io/v1",
  },
  {
    apiVersion: "apiregistration.k8s.io/v1beta1",
    kinds: ["APIService"],
    since: "1.22",
    replacement: "apiregistration.k8s.io/v1",
  },
  {
    apiVersion: "certificates.k8s.io/v1beta1",
    kinds: ["CertificateSigningRequest"],
    since: "1.22",
    replacement: "certificates.k8s.io/v1",
  },
  {
    apiVersion: "coordination.k8s.io/v1beta1",
    kinds: ["Lease"],
    since: "1.22",
    replacement: "coordination.k8s.io/v1",
  },
  {
    apiVersion: "discovery.k8s.io/v1beta1",
    kinds: ["EndpointSlice"],
    since: "1.25",
    replacement: "discovery.k8s.io/v1",
  },
  { apiVersion: "events.k8s.io/v1beta1", kinds: ["Event"], since: "1.25", replacement: "events.k8s.io/v1" },
  {
    apiVersion: "node.k8s.io/v1beta1",
    kinds: ["RuntimeClass"],
    since: "1.25",
    replacement: "node.k8s.io/v1",
  },
  ...[
    ["v1beta1", "1.26"],
    ["v1beta2", "1.29"],
    ["v1beta3", "1.32"],
  ].map(([version, since = ""]) => ({
    apiVersion: `flowcontrol.apiserver.k8s.io/${version}`,
    kinds: ["FlowSchema", "PriorityLevelConfiguration"],
    since,
    replacement: "flowcontrol.apiserver.k8s.io/v1",
  })),
];

/** How an API version was removed that this kind once had; null when it never was or still is. */
export const removedVersion = (apiVersion: string, kind: string): Removed | null =>
  removed.find((each) => each.apiVersion === apiVersion && each.kinds.includes(kind)) ?? null;
