import type { KubernetesObject, V1Container, V1PodSpec } from "@kubernetes/client-node";

type Any = KubernetesObject & Record<string, unknown>;

export function pod(name: string, spec: Partial<V1PodSpec>, container: Partial<V1Container> = {}): Any {
  const containers = [{ name: "main", image: "busybox:1.37", command: ["sleep", "inf"], ...container }];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "student" },
    spec: { containers, ...spec },
  };
}

const admitAll = {
  name: "block.example.com",
  clientConfig: { url: "https://10.240.0.1/block" },
  rules: [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*/*"] }],
  sideEffects: "None",
  admissionReviewVersions: ["v1"],
  failurePolicy: "Fail",
};

/** What a student with all rights in a namespace may still not make, by what it would be good for. */
export const forbiddenObjects: Record<string, Any> = {
  "mount the node's files": pod("host-path", { volumes: [{ name: "host", hostPath: { path: "/" } }] }),
  "share the node's network": pod("host-network", { hostNetwork: true }),
  "share the node's processes": pod("host-pid", { hostPID: true }),
  "take a port of the node": pod("host-port", {}, { ports: [{ containerPort: 80, hostPort: 80 }] }),
  "run privileged": pod("privileged", {}, { securityContext: { privileged: true } }),
  "add a capability": pod("capable", {}, { securityContext: { capabilities: { add: ["SYS_ADMIN"] } } }),
  "switch seccomp off": pod("no-seccomp", { securityContext: { seccompProfile: { type: "Unconfined" } } }),
  "take more of the disk than a container may": pod(
    "disk",
    {},
    { resources: { limits: { "ephemeral-storage": "1Ti" } } },
  ),
  "make a webhook that blocks everything": {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "block" },
    webhooks: [admitAll],
  },
  "make a namespace": { apiVersion: "v1", kind: "Namespace", metadata: { name: "free" } },
  "make a kind of object": {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "things.example.com" },
    spec: {
      group: "example.com",
      names: { kind: "Thing", plural: "things" },
      scope: "Namespaced",
      versions: [
        { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } },
      ],
    },
  },
  "make a volume of the node's files": {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: "host" },
    spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/" } },
  },
  "become administrator of the cluster": {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "me" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "student" }],
  },
  "give oneself more rights than one has": {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "more", namespace: "student" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "student" }],
  },
  "take an address that is somebody else's": {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "thief", namespace: "student" },
    spec: { ports: [{ port: 80 }], externalIPs: ["10.240.0.10"] },
  },
};
