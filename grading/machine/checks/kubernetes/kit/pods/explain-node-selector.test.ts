import { describe, expect, test } from "vitest";
import { explainNodeSelector } from "./explain-node-selector.ts";
import { explainUnschedulable } from "./unschedulable.ts";

const words =
  "0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s).";
const nodes = ["fast", "slow"].map((disk) => ({ metadata: { labels: { disk } } }));
const told = (nodeSelector: Record<string, string>) =>
  explainNodeSelector(
    explainUnschedulable("web-1", words),
    {
      metadata: { name: "web-1" },
      spec: { nodeSelector, containers: [] },
      status: { conditions: [{ type: "PodScheduled", status: "False", message: words }] },
    },
    nodes,
  );

describe("a pod that waits for a node", () => {
  test("whose nodeSelector fits no node is told its labels, and nothing of taints", () => {
    const { happened, fix } = told({ disk: "slowly" });
    expect(happened).toBe(
      "Pod web-1 waits for a node: its nodeSelector asks for disk=slowly, and nodes have disk=fast and disk=slow.",
    );
    expect(fix).toBe("Correct nodeSelector to labels that nodes have.");
    expect(told({ disc: "slow" }).happened).toContain("no node has a label disc");
  });

  test("whose nodeSelector fits a node is told what keeps it off that one", () => {
    const { happened, fix } = told({ disk: "fast" });
    expect(happened).toContain("A taint keeps it off a node.");
    expect(fix).toMatch(/^Give the pod a toleration/);
    expect(fix).not.toContain("nodeSelector");
  });

  test("without a nodeSelector is told all that the scheduler says", () => {
    expect(told({})).toEqual(explainUnschedulable("web-1", words));
  });
});
