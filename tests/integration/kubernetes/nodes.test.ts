import { type Case, judgeCases } from "./judge-cases.ts";
import { manifest, service, workload } from "./manifests.ts";

/** What is done to nodes, and DaemonSets and StatefulSets that are not updated by themselves, on two real nodes. */

const budget = (name: string, minAvailable: number) => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name },
  spec: { minAvailable, selector: { matchLabels: { app: name } } },
});
const onDelete = { updateStrategy: { type: "OnDelete" } };

const files = {
  "k8s/free.yaml": manifest(workload({ name: "free" })),
  "k8s/alone.yaml": manifest(workload({ name: "alone", replicas: 1 })),
  "k8s/kept.yaml": manifest(workload({ name: "kept" }), budget("kept", 1)),
  "k8s/agents.yaml": manifest(
    workload({ name: "by-hand", kind: "DaemonSet", spec: onDelete }),
    workload({ name: "by-itself", kind: "DaemonSet" }),
  ),
  "k8s/set.yaml": manifest(
    workload({ name: "set", kind: "StatefulSet", spec: onDelete }),
    service("set", { clusterIP: "None" }),
  ),
  "late/stuck.yaml": manifest(workload({ name: "stuck" }), budget("stuck", 2)),
  "lone/lone.yaml": manifest({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "lone" },
    spec: { containers: [{ name: "web", image: "nginx:1" }] },
  }),
};

const cases: Record<string, Case> = {
  "all manifests": { kind: "apply", with: {}, verdict: "passed", says: /It took / },
  "DaemonSet that is updated when its pods are deleted": {
    kind: "daemonset",
    with: { daemonSet: "by-hand", update: { strategy: "OnDelete" } },
    verdict: "passed",
    says: /each pod stays as it is until it is deleted \(updateStrategy OnDelete\)\.\nDaemonSet by-hand runs one pod on node-1, node-2/,
  },
  "DaemonSet that is updated by itself where OnDelete is asked for": {
    kind: "daemonset",
    with: { daemonSet: "by-itself", update: { strategy: "OnDelete" } },
    verdict: "failed",
    says: /DaemonSet by-itself states updateStrategy RollingUpdate\.\nSet spec\.updateStrategy\.type to OnDelete/,
  },
  "DaemonSet with OnDelete where a rolling update is asked for": {
    kind: "daemonset",
    with: { daemonSet: "by-hand", update: {} },
    verdict: "failed",
    says: /DaemonSet by-hand states updateStrategy OnDelete\.\nSet spec\.updateStrategy\.type to RollingUpdate/,
  },
  "StatefulSet that is updated when its pods are deleted": {
    kind: "statefulset",
    with: { statefulSet: "set" },
    verdict: "passed",
    says: /The pods of StatefulSet set start one after the other: set-0, set-1\..*\nset-0, set-1 behave as asked/,
  },
  "drain without a budget, and none asked for": {
    kind: "scheduling",
    with: { deployment: "free", drain: {} },
    verdict: "passed",
    says: /When node-\d is drained, the pods of Deployment free leave it .*\nThe scheduler put pod free-\S+ on node-\d, pod free-/,
  },
  "drain without the budget that is asked for": {
    kind: "scheduling",
    with: { deployment: "free", drain: { budget: true } },
    verdict: "failed",
    says: /No PodDisruptionBudget picks the pods of Deployment free\. PodDisruptionBudget kept picks other pods in the namespace student\.\nHand in a PodDisruptionBudget \(policy\/v1\)/,
  },
  "drain that leaves no pod for a while": {
    kind: "scheduling",
    with: { deployment: "alone", drain: { minAvailable: 1 } },
    verdict: "failed",
    says: /At one time 0 pods were ready: nothing kept the eviction.*\nHand in a PodDisruptionBudget with minAvailable: 1/,
  },
  "drain with a budget": {
    kind: "scheduling",
    with: { deployment: "kept", drain: { budget: true, minAvailable: 1 } },
    verdict: "passed",
    says: /the pods of Deployment kept leave it .*, and 1 or more are ready all the time\.\nThe scheduler put pod kept-/,
  },
  "a single pod": {
    kind: "apply",
    with: { manifests: "lone/" },
    verdict: "passed",
    says: /It took Pod lone/,
  },
  "drain of a pod that nothing makes anew": {
    kind: "scheduling",
    with: { pod: "lone", drain: { seconds: 10 } },
    verdict: "failed",
    says: /Pod lone was evicted from node-\d and did not come back: nothing makes a single pod anew\.\nLet a Deployment make the pod/,
  },
  // Only now: it would keep every drain from its end.
  "a budget that allows nothing": {
    kind: "apply",
    with: { manifests: "late/" },
    verdict: "passed",
    says: /It took PodDisruptionBudget stuck, Deployment stuck/,
  },
  "drain that a budget does not allow": {
    kind: "scheduling",
    with: { deployment: "stuck", drain: { seconds: 6 } },
    verdict: "failed",
    says: /Pod stuck-\S+ could not be evicted from node-\d within 6 s\. The API server says “.*disruption budget stuck needs 2 healthy pods and has 2 currently.*”\.\nLet the PodDisruptionBudget allow one pod less/,
  },
};

judgeCases(cases, { cluster: { nodes: 2 }, files });
