import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { judgeCoverage } from "./judge-coverage.ts";

const node = (name: string, more: { taints?: object[]; labels?: Record<string, string> } = {}): V1Node =>
  ({ metadata: { name, labels: more.labels ?? {} }, spec: { taints: more.taints } }) as V1Node;
const pod = (name: string, on: string): V1Pod => ({
  metadata: { name },
  spec: { containers: [], nodeName: on },
});
const judge = (pods: V1Pod[], nodes: V1Node[], wanted: string[], spec: object = {}) =>
  judgeCoverage("DaemonSet logs", { spec: { containers: [], ...spec } }, pods, nodes, wanted).problem;

describe("judgeCoverage", () => {
  const nodes = [node("node-1"), node("node-2")];
  const both = ["node-1", "node-2"];

  it("takes one pod on each node", () => {
    expect(judge([pod("a", "node-1"), pod("b", "node-2")], nodes, both)).toBeNull();
  });

  it("names the taint that kept a node without a pod", () => {
    const tainted = [
      node("node-1"),
      node("node-2", { taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }] }),
    ];
    expect(judge([pod("a", "node-1")], tainted, both)?.happened).toBe(
      "node-2 runs no pod of DaemonSet logs: the node has the taint gpu=yes:NoSchedule, and the pod's template does not tolerate it.",
    );
  });

  it("names the label that kept a node without a pod", () => {
    expect(judge([pod("a", "node-1")], nodes, both, { nodeSelector: { disk: "ssd" } })?.happened).toContain(
      "nodeSelector asks for disk=ssd",
    );
  });

  it("does not blame the taints by which the cluster marks a node's state", () => {
    const cordoned = [
      node("node-1", { taints: [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }] }),
    ];
    expect(judge([], cordoned, ["node-1"])?.happened).toBe("node-1 runs no pod of DaemonSet logs.");
  });

  it("names two pods on a node, and a pod where none should be", () => {
    expect(judge([pod("a", "node-1"), pod("b", "node-1"), pod("c", "node-2")], nodes, both)?.happened).toBe(
      "node-1 runs 2 pods of DaemonSet logs.",
    );
    expect(judge([pod("a", "node-1"), pod("b", "node-2")], nodes, ["node-1"])?.happened).toContain("Pod b");
  });
});
