import type { CoreV1Event, V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { explainPod } from "./explain-pod.ts";
import type { PodFacts } from "./pod-facts.ts";

const container = { name: "web", image: "nginx:1.29" };

function facts(
  status: Partial<V1ContainerStatus>,
  more: { spec?: object; pod?: Partial<V1Pod>; events?: string[]; log?: string; images?: string[] } = {},
): PodFacts {
  const spec = { ...container, ...more.spec };
  const pod: V1Pod = {
    metadata: { name: "web-1", uid: "u" },
    spec: { containers: [spec] },
    status: {
      phase: "Running",
      containerStatuses: [
        { name: "web", image: spec.image, imageID: "", ready: false, restartCount: 0, ...status },
      ],
    },
    ...more.pod,
  };
  const events = (more.events ?? []).map(
    (message) =>
      ({
        message,
        involvedObject: { uid: "u", fieldPath: "spec.containers{web}" },
      }) as unknown as CoreV1Event,
  );
  return {
    pod,
    events,
    logs: new Map([["web", more.log ?? ""]]),
    images: more.images ?? ["nginx:1.29", "busybox:1.37"],
  };
}

const waiting = (reason: string, message = "") => ({ state: { waiting: { reason, message } } });
const crashed = (exitCode: number, reason = "Error", more: object = {}) => ({
  restartCount: 3,
  state: { waiting: { reason: "CrashLoopBackOff" } },
  lastState: { terminated: { exitCode, reason, ...more } },
});
const running = { state: { running: {} }, started: true };

const said = (told: PodFacts) => {
  const trouble = explainPod(told);
  return trouble && `${trouble.cause}: ${trouble.happened} | ${trouble.fix}`;
};

describe("why a pod is not ready", () => {
  it.each<[string, PodFacts, RegExp]>([
    [
      "an image that is not there, with the tags that are",
      facts(waiting("ImagePullBackOff"), { spec: { image: "docker.io/library/nginx:9" } }),
      /^image: Container web of pod web-1 cannot start: its image docker\.io\/library\/nginx:9 cannot be pulled.*no internet.*The cluster has nginx:1\.29/,
    ],
    [
      "imagePullPolicy Always of an image that is there",
      facts(waiting("ErrImagePull"), { spec: { imagePullPolicy: "Always" } }),
      /^image: .*is on the nodes, but imagePullPolicy is Always.*IfNotPresent/,
    ],
    [
      "a name that is none",
      facts(waiting("InvalidImageName", "couldn't parse"), { spec: { image: "Nginx" } }),
      /^image: .*“Nginx” is no name of an image/,
    ],
    [
      "a ConfigMap that is not there",
      facts(waiting("CreateContainerConfigError", 'configmap "cfg" not found')),
      /^config: .*“configmap "cfg" not found”.*Hand in a ConfigMap named cfg/,
    ],
    [
      "a Secret that is not there",
      facts(waiting("CreateContainerConfigError", 'secret "pw" not found')),
      /^config: .*Hand in a Secret named pw/,
    ],
    [
      "a key that is not there",
      facts(waiting("CreateContainerConfigError", "couldn't find key port in ConfigMap student/cfg")),
      /^config: .*Add that key/,
    ],
    [
      "an image of root's under runAsNonRoot",
      facts(
        waiting(
          "CreateContainerConfigError",
          "container has runAsNonRoot and image will run as root (pod: …)",
        ),
      ),
      /^config: .*Set runAsUser to a number other than 0/,
    ],
    [
      "a program that is not in the image",
      facts(
        crashed(128, "StartError", {
          message: 'exec: "serve": executable file not found in $PATH: unknown',
        }),
        { spec: { command: ["serve"], args: ["-p", "80"] } },
      ),
      /^command: .*cannot be started: “exec: "serve": executable file not found.*command and args \(“serve -p 80”\)/,
    ],
    [
      "a crash loop, with exit status and last output",
      facts(crashed(1), { log: "starting\nno database\n" }),
      /^crash: Container web of pod web-1 ends with exit status 1, 4 times so far\. Its last line was “no database”\. \| Its last output says/,
    ],
    [
      "a crash loop by a signal, in words",
      facts(crashed(139)),
      /^crash: .*exit status 139 \(signal 11 \(segmentation fault\) ended it: it used memory that is not its own\).*It wrote nothing/,
    ],
    [
      "a program that ends well but should stay",
      facts(crashed(0, "Completed")),
      /^crash: .*ends with exit status 0.*must go on running/,
    ],
    [
      "too little memory",
      facts(crashed(137, "OOMKilled"), { spec: { resources: { limits: { memory: "64Mi" } } } }),
      /^crash: .*taking more memory than its limit of 64Mi \(OOMKilled\).*Raise resources\.limits\.memory/,
    ],
    [
      "a liveness probe that kills a healthy program",
      facts(crashed(137), {
        events: [
          "Liveness probe failed: HTTP probe failed with statuscode: 404",
          "Container web failed liveness probe, will be restarted",
        ],
      }),
      /^probe: The liveness probe of container web of pod web-1 fails, so the kubelet ends and restarts it.*statuscode: 404.*livenessProbe/,
    ],
    [
      "a readiness probe that fails",
      facts(running, {
        spec: {
          ports: [{ name: "http", containerPort: 8080 }],
          readinessProbe: { httpGet: { path: "/ready", port: "http" } },
        },
        events: ["Readiness probe failed: connection refused"],
      }),
      /^probe: Container web of pod web-1 runs, but its readiness probe \(GET .*\) fails.*“Readiness probe failed: connection refused”.*GET \/ready on port 8080 \(http\)/,
    ],
    [
      "a readiness probe that has not passed yet",
      facts(running, { spec: { readinessProbe: { exec: { command: ["cat", "/tmp/ready"] } } } }),
      /^probe: .*readiness probe \(“cat \/tmp\/ready” with exit status 0\) has not passed yet/,
    ],
    [
      "a startup probe that fails",
      facts(
        { ...running, started: false },
        {
          spec: { startupProbe: { tcpSocket: { port: 80 } }, readinessProbe: { tcpSocket: { port: 81 } } },
          events: ["Startup probe failed: dial tcp: connection refused"],
        },
      ),
      /^probe: .*its startup probe \(connections to port 80\) fails/,
    ],
    [
      "requests larger than the node",
      facts(
        {},
        {
          pod: {
            status: {
              phase: "Pending",
              conditions: [
                {
                  type: "PodScheduled",
                  status: "False",
                  reason: "Unschedulable",
                  message: "0/1 nodes are available: 1 Insufficient cpu.",
                },
              ],
            },
          },
        },
      ),
      /^unschedulable: Pod web-1 waits for a node\. The scheduler says “0\/1 nodes are available: 1 Insufficient cpu\.”\. It requests more than any node has left\. \| Lower resources\.requests/,
    ],
    [
      "a finalizer that never ends",
      facts(
        {},
        {
          pod: {
            metadata: { name: "web-1", deletionTimestamp: new Date(0), finalizers: ["example.com/never"] },
          },
        },
      ),
      /^finalizer: Pod web-1 is to be deleted, but its finalizer example\.com\/never keeps it/,
    ],
    [
      "an eviction",
      facts(
        { state: {} },
        {
          pod: {
            metadata: { name: "web-1" },
            status: { phase: "Failed", reason: "Evicted", message: "low on disk" },
          },
        },
      ),
      /^crash: Pod web-1 failed \(Evicted\): the cluster says “low on disk”/,
    ],
  ])("is told for %s", (_what, told, words) => {
    expect(said(told)?.replaceAll("\n", "\n")).toMatch(new RegExp(words.source, "s"));
  });

  it("is told for a volume whose ConfigMap is not there", () => {
    const told = facts({}, { pod: { metadata: { name: "web-1" }, status: { phase: "Pending" } } });
    told.events = [
      {
        reason: "FailedMount",
        message: 'MountVolume.SetUp failed for volume "cfg" : configmap "cfg" not found',
        involvedObject: { uid: "u" },
      } as unknown as CoreV1Event,
    ];
    expect(said(told)).toMatch(/^config: Pod web-1 cannot start.*Hand in a ConfigMap named cfg/);
  });

  it("is told for an init container before the ones that wait for it", () => {
    const told = facts(waiting("PodInitializing"));
    told.pod.spec = { ...told.pod.spec, initContainers: [{ name: "wait" }], containers: [container] };
    told.pod.status = {
      ...told.pod.status,
      initContainerStatuses: [
        { name: "wait", image: "", imageID: "", ready: false, ...crashed(2) } as V1ContainerStatus,
      ],
    };
    expect(said(told)).toMatch(/^crash: Init container wait of pod web-1 ends with exit status 2/);
  });

  it("is told for an init container that does not end", () => {
    const told = facts(waiting("PodInitializing"));
    told.pod.spec = { initContainers: [{ name: "wait" }], containers: [container] };
    told.pod.status = {
      phase: "Pending",
      initContainerStatuses: [
        { name: "wait", image: "", imageID: "", ready: false, restartCount: 0, state: { running: {} } },
      ],
    };
    expect(said(told)).toMatch(/^waiting: Init container wait of pod web-1 has not ended yet/);
  });

  it("is nothing when the pod is ready, has done its work or only just starts", () => {
    const ready = facts(running);
    ready.pod.status = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
    expect(explainPod(ready)).toBeNull();
    expect(explainPod(facts({}, { pod: { status: { phase: "Succeeded" } } }))).toBeNull();
    expect(explainPod(facts(waiting("ContainerCreating")))).toBeNull();
    const done = facts({ state: { terminated: { exitCode: 0, reason: "Completed" } } });
    done.pod.spec = { containers: [container], restartPolicy: "Never" };
    expect(explainPod(done)).toBeNull();
  });
});
