import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { explainClaims } from "./explain-claims.ts";

const pod = (phase: string): V1Pod => ({
  metadata: { name: "web-0" },
  spec: { containers: [], volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data-web-0" } }] },
  status: { phase },
});
const event = (name: string, type = "Warning"): CoreV1Event => ({
  metadata: {},
  type,
  reason: "ProvisioningFailed",
  message: 'storageclass "fast" not found',
  involvedObject: { kind: "PersistentVolumeClaim", name },
});

describe("explainClaims", () => {
  it("quotes the last warning about a claim of the pod", () => {
    expect(explainClaims(pod("Pending"), [event("data-web-0")])?.happened).toBe(
      'Pod web-0 waits for the volume of its PersistentVolumeClaim data-web-0: the cluster says “storageclass "fast" not found”.',
    );
  });

  it("says to remove a storage class that the cluster does not have", () => {
    expect(explainClaims(pod("Pending"), [event("data-web-0")])?.fix).toMatch(
      /^Remove storageClassName: fast /,
    );
  });

  it("blames no claim of another pod, no event that is no warning, and nothing once the pod runs", () => {
    expect(explainClaims(pod("Pending"), [event("data-web-1"), event("data-web-0", "Normal")])).toBeNull();
    expect(explainClaims(pod("Running"), [event("data-web-0")])).toBeNull();
  });
});
