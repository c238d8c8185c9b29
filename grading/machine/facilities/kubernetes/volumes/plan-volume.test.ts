import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { nodeOfReleased, planVolume, selectedNode } from "./plan-volume.ts";

const claim = (change: {
  spec?: V1PersistentVolumeClaim["spec"];
  annotations?: Record<string, string>;
  phase?: string;
}): V1PersistentVolumeClaim => ({
  metadata: {
    name: "data-web-0",
    namespace: "student",
    uid: "9f",
    annotations: change.annotations ?? { [selectedNode]: "node-2" },
  },
  spec: {
    storageClassName: "standard",
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: "64Mi" } },
    ...change.spec,
  },
  status: { phase: change.phase ?? "Pending" },
});

describe("planVolume", () => {
  it("makes a folder of the node that the scheduler selected, for this claim alone", () => {
    const plan = planVolume(claim({}));
    if (plan.outcome !== "make") throw new Error(plan.outcome);
    expect(plan.node).toBe("node-2");
    expect(plan.folder).toBe("/var/lib/drydock-volumes/pvc-9f");
    expect(plan.volume.spec?.local?.path).toBe(plan.folder);
    expect(plan.volume.spec?.capacity).toEqual({ storage: "64Mi" });
    expect(plan.volume.spec?.claimRef).toMatchObject({ namespace: "student", name: "data-web-0", uid: "9f" });
  });

  it.each([
    ["no pod uses the claim yet", claim({ annotations: {} })],
    ["the claim is bound", claim({ phase: "Bound" })],
    ["the claim names a volume", claim({ spec: { volumeName: "own" } })],
    ["the claim asks for another class", claim({ spec: { storageClassName: "fast" } })],
  ])("waits when %s", (_when, given) => {
    expect(planVolume(given).outcome).toBe("wait");
  });

  it.each([
    ["ReadWriteMany", claim({ spec: { accessModes: ["ReadWriteMany"] } })],
    ["Block", claim({ spec: { volumeMode: "Block" } })],
    ["dataSource", claim({ spec: { dataSource: { kind: "VolumeSnapshot", name: "old" } } })],
  ])("refuses %s and says so", (word, given) => {
    const plan = planVolume(given);
    expect(plan).toMatchObject({ outcome: "refuse", why: expect.stringContaining(word) });
  });
});

describe("nodeOfReleased", () => {
  const made = () => {
    const plan = planVolume(claim({}));
    if (plan.outcome !== "make") throw new Error(plan.outcome);
    return plan.volume;
  };

  it("names the node of a volume whose claim is gone", () => {
    expect(nodeOfReleased({ ...made(), status: { phase: "Released" } })).toBe("node-2");
  });

  it("leaves volumes alone that are in use or that somebody else made", () => {
    expect(nodeOfReleased({ ...made(), status: { phase: "Bound" } })).toBeNull();
    expect(nodeOfReleased({ metadata: { name: "own" }, status: { phase: "Released" } })).toBeNull();
  });
});
