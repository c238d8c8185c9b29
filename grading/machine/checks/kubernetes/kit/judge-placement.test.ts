import type { V1Pod } from "@kubernetes/client-node";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeCompany, judgePlacement, judgeScheduled } from "./judge-placement.ts";

const pod = (name: string, node: string): V1Pod => ({
  metadata: { name },
  spec: { containers: [], nodeName: node },
});
const problems = (parts: ReturnType<typeof judgePlacement>) =>
  parts.flatMap(({ problem }) => (problem ? [problem.happened] : []));

describe("judgePlacement", () => {
  const spreadPods = [pod("web-a", "node-1"), pod("web-b", "node-2")];
  const crowded = [pod("web-a", "node-1"), pod("web-b", "node-1")];

  it("names each pod that runs on another node than the one asked for", () => {
    expect(problems(judgePlacement("Deployment web", spreadPods, { onNodes: ["node-1"] }))).toEqual([
      "Pod web-b runs on node-2.",
    ]);
    expect(problems(judgePlacement("Deployment web", spreadPods, { notOnNodes: ["node-1"] }))).toEqual([
      "Pod web-a runs on node-1.",
    ]);
    expect(problems(judgePlacement("Deployment web", crowded, { onNodes: ["node-1", "node-2"] }))).toEqual(
      [],
    );
  });

  it("tells pods on one node from pods that are spread", () => {
    const spread = { minNodes: 2, maxPerNode: 1 };
    expect(problems(judgePlacement("Deployment web", spreadPods, { spread }))).toEqual([]);
    expect(problems(judgePlacement("Deployment web", crowded, { spread }))).toEqual([
      "Of Deployment web, node-1 runs 2 pods.",
      "Of Deployment web, node-1 runs 2 pods.",
    ]);
  });

  it("never finds pods both on and not on the same nodes", () => {
    const node = fc.constantFrom("node-1", "node-2", "node-3");
    fc.assert(
      fc.property(
        fc.array(node, { minLength: 1 }),
        fc.uniqueArray(node, { minLength: 1 }),
        (places, nodes) => {
          const pods = places.map((place, at) => pod(`web-${at}`, place));
          const on = problems(judgePlacement("Deployment web", pods, { onNodes: nodes })).length;
          const off = problems(judgePlacement("Deployment web", pods, { notOnNodes: nodes })).length;
          expect(on + off).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe("judgeCompany", () => {
  const cache = { what: "Deployment cache", pods: [pod("cache-a", "node-1")] };

  it("asks that every pod has the other workload beside it, or that none has", () => {
    const near = [pod("web-a", "node-1")];
    const far = [pod("web-a", "node-2")];
    expect(judgeCompany("Deployment web", near, cache, "near").problem).toBeNull();
    expect(judgeCompany("Deployment web", far, cache, "away").problem).toBeNull();
    expect(judgeCompany("Deployment web", far, cache, "near").problem?.happened).toBe(
      "Pod web-a runs on node-2. Of Deployment cache, node-1 runs pod cache-a.",
    );
    expect(judgeCompany("Deployment web", near, cache, "away").problem?.happened).toContain(
      "web-a runs on node-1",
    );
  });
});

describe("judgeScheduled", () => {
  it("takes no manifest that goes around the scheduler", () => {
    expect(judgeScheduled("Deployment web", undefined).problem).toBeNull();
    expect(judgeScheduled("Deployment web", "node-1").problem?.happened).toContain("nodeName: node-1");
  });
});
