import { type Case, judgeCases } from "./judge-cases.ts";
import { manifest, service, workload } from "./manifests.ts";

/** A node that answers nothing any more, under load, on two real nodes. */

const drill = (deployment: string) => ({
  deployment,
  service: deployment,
  readySeconds: 60,
  drills: [{ do: "hang-node", recoverySeconds: 60, allowFailed: 1000 }],
});
/** Pods that may not go to another node than the first one: the scheduler has no place for them while it hangs. */
const pinned = { nodeSelector: { "kubernetes.io/hostname": "node-1" } };

const files = {
  "k8s/free.yaml": manifest(workload({ name: "free" }), service("free")),
  "k8s/pinned.yaml": manifest(workload({ name: "pinned", pod: pinned }), service("pinned")),
};

const cases: Record<string, Case> = {
  "all manifests": { kind: "apply", with: {}, verdict: "passed", says: /It took / },
  "pods that may run on the other node": {
    kind: "self-heal",
    with: drill("free"),
    verdict: "passed",
    says: /When a node hangs/,
  },
  "pods that may not": {
    kind: "self-heal",
    with: { ...drill("pinned"), drills: [{ do: "hang-node", recoverySeconds: 20, allowFailed: 1000 }] },
    verdict: "failed",
    says: /When a node hangs/,
  },
  "the node goes on, and so does what waited for it": {
    kind: "rollout",
    with: { deployment: "pinned", readySeconds: 60 },
    verdict: "passed",
    says: /pinned/,
  },
};

judgeCases(cases, { cluster: { nodes: 2 }, files });
