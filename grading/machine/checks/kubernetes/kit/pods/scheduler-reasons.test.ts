import { describe, expect, it } from "vitest";
import { reasonsIn } from "./scheduler-reasons.ts";

describe("reasonsIn", () => {
  it("finds every reason of a sentence that gives several", () => {
    expect(
      reasonsIn(
        "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.",
      ),
    ).toEqual(["insufficient-cpu", "taint"]);
  });

  it("tells affinity to nodes, to pods and from pods apart", () => {
    expect(
      reasonsIn("0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector."),
    ).toEqual(["node-affinity"]);
    expect(reasonsIn("0/2 nodes are available: 2 node(s) didn't match pod affinity rules.")).toEqual([
      "pod-affinity",
    ]);
    expect(reasonsIn("0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.")).toEqual([
      "pod-anti-affinity",
    ]);
  });

  it("finds nothing in words it does not know", () => {
    expect(reasonsIn("0/2 nodes are available: 2 the moon is full.")).toEqual([]);
  });
});
