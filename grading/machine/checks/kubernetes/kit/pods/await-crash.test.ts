import type { V1ContainerState, V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { findCrash } from "./await-crash.ts";

const pod = (restartCount: number, state: V1ContainerState, lastState: V1ContainerState = {}): V1Pod => ({
  metadata: { uid: "u", name: "web" },
  status: {
    phase: "Running",
    containerStatuses: [{ name: "web", image: "", imageID: "", ready: true, restartCount, state, lastState }],
  },
});
const before = new Map([["u web", 1]]);
const terminated = { exitCode: 3 };

describe("findCrash", () => {
  it("leaves a container alone that goes on running, whatever was before", () => {
    expect(findCrash([pod(1, { running: {} }, { terminated })], before)).toBeNull();
  });

  it("finds a container that was restarted since, has ended, or waits to be started again", () => {
    expect(findCrash([pod(2, { running: {} })], before)?.status.name).toBe("web");
    expect(findCrash([pod(1, { terminated })], before)).not.toBeNull();
    expect(
      findCrash([pod(1, { waiting: { reason: "CrashLoopBackOff" } }, { terminated })], before),
    ).not.toBeNull();
  });

  it("takes the end of an init container for no crash", () => {
    const init: V1Pod = {
      ...pod(1, { running: {} }),
      spec: { containers: [], initContainers: [{ name: "fill" }] },
    };
    const status = { name: "fill", image: "", imageID: "", ready: true, restartCount: 0 };
    const ended = { ...status, state: { terminated: { exitCode: 0 } } };
    expect(
      findCrash([{ ...init, status: { ...init.status, initContainerStatuses: [ended] } }], before),
    ).toBeNull();
  });
});
