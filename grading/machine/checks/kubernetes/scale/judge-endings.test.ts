import type { V1Pod } from "@kubernetes/client-node";
import { expect, it } from "vitest";
import { judgeEndings } from "./judge-endings.ts";

const pod = (name: string, exitCode: number): V1Pod => ({
  metadata: { name },
  status: {
    containerStatuses: [
      {
        name: "web",
        image: "",
        imageID: "",
        ready: false,
        restartCount: 0,
        state: { terminated: { exitCode } },
      },
    ],
  },
});
/** Told to end at 1 s, gone so many seconds later. */
const ended = (name: string, exitCode: number, afterSeconds: number) =>
  judgeEndings("web", 5, {
    gone: [{ atMs: 1000 + afterSeconds * 1000, pod: pod(name, exitCode) }],
    endings: new Map([["web-1", 1000]]),
  });

it("blames a container that had to be killed when its grace was over", () => {
  expect(ended("web-1", 137, 5.2).problem?.happened).toBe(
    "Container web of pod web-1 did not end at SIGTERM and was killed 5.2 s later.",
  );
});

it("takes any end before the grace is over, also one by SIGKILL", () => {
  expect(ended("web-1", 143, 2).problem).toBeNull();
  expect(ended("web-1", 137, 2).problem).toBeNull();
});

it("takes an end by itself that was seen late", () => {
  expect(ended("web-1", 0, 6).problem).toBeNull();
});

it("blames nobody for a pod that was never seen to be told to end", () => {
  expect(ended("web-2", 137, 60).problem).toBeNull();
});
