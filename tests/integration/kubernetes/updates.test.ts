import { type Case, judgeCases } from "./judge-cases.ts";
import { manifest, program, service, workload } from "./manifests.ts";

/** Scaling by statement, updates by image and environment, and healing that fails, in one real cluster. */

/** Answers until the nodes send to it no more. */
const leavesInTime = { lifecycle: { preStop: { sleep: { seconds: 3 } } } };
/** Starts only once: a lock that it leaves behind in the pod keeps it from starting again. */
const locks = {
  command: ["sh", "-c", 'mkdir /run/lock/web || exit 7; exec python3 -u -c "$0"', program],
  volumeMounts: [{ name: "lock", mountPath: "/run/lock" }],
};
const slowly = { env: [{ name: "START", value: "15" }] };

const autoscaler = (name: string, deployment: string, { min = 2, max = 4, cpu = 60 } = {}) => ({
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name },
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment },
    minReplicas: min,
    maxReplicas: max,
    metrics: [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: cpu } },
      },
    ],
  },
});

const files = {
  "k8s/scaled.yaml": manifest(
    workload({ name: "scaled", container: leavesInTime }),
    service("scaled"),
    autoscaler("scaled", "scaled"),
  ),
  "k8s/other-figures.yaml": manifest(
    workload({ name: "figures", replicas: 1, container: { resources: {} } }),
    autoscaler("figures", "figures", { min: 1, max: 10, cpu: 90 }),
  ),
  "k8s/lost-target.yaml": manifest(autoscaler("lost", "not-there")),
  "k8s/image.yaml": manifest(
    workload({ name: "image", image: "python:3.13-slim", container: leavesInTime }),
    service("image"),
  ),
  "k8s/env.yaml": manifest(workload({ name: "env", container: leavesInTime }), service("env")),
  "k8s/locks.yaml": manifest(
    workload({ name: "locks", container: locks, pod: { volumes: [{ name: "lock", emptyDir: {} }] } }),
    service("locks"),
  ),
  "k8s/slow.yaml": manifest(workload({ name: "slow", container: slowly }), service("slow")),
};

const asked = { min: 2, max: 4, cpuPercent: 60 };
const update = (name: string, change: object, more: object = {}) => ({
  deployment: name,
  service: name,
  update: change,
  readySeconds: 40,
  ...more,
});

const cases: Record<string, Case> = {
  "all manifests": { kind: "apply", with: {}, verdict: "passed", says: /It took Service/ },
  "autoscaler as asked for": {
    kind: "scale",
    with: { deployment: "scaled", autoscaler: asked },
    verdict: "passed",
    says: /states minReplicas: 2\.\n.*states maxReplicas: 4\.\n.*averageUtilization of cpu: 60\.\n.*without a metrics server, which this cluster does not have, it never scales by load/s,
  },
  "autoscaler as asked for, scaled within its bounds": {
    kind: "scale",
    with: { deployment: "scaled", service: "scaled", autoscaler: asked, up: 4, down: 2 },
    verdict: "passed",
    says: /4 replicas were ready after .* 2 replicas were ready after .* 0 of \d+ requests were lost/,
  },
  "autoscaler that scales back": {
    kind: "scale",
    with: { deployment: "scaled", up: 6, readySeconds: 20 },
    verdict: "failed",
    says: /It had [456] ready\. HorizontalPodAutoscaler scaled scales Deployment scaled back: its minReplicas is 2 and its maxReplicas 4\.\nLet HorizontalPodAutoscaler scaled allow 6 replicas/,
  },
  "autoscaler with other figures": {
    kind: "scale",
    with: { deployment: "figures", autoscaler: asked },
    verdict: "failed",
    says: /It states minReplicas: 1\.\nIt states maxReplicas: 10\.\nIt states averageUtilization of cpu: 90\.\nContainer web states no resources\.requests\.cpu/,
  },
  "autoscaler of another Deployment": {
    kind: "scale",
    with: { deployment: "env", autoscaler: asked },
    verdict: "failed",
    says: /There is none; the namespace has .*scaled for Deployment scaled\.\nHand in a HorizontalPodAutoscaler with scaleTargetRef: \{.*name: env\}/,
  },
  "autoscaler without its Deployment": {
    kind: "scale",
    with: { deployment: "not-there", autoscaler: asked },
    verdict: "failed",
    says: /There is no Deployment not-there in the namespace student; it has Deployment env/,
  },
  "update of the image": {
    kind: "rolling-update",
    with: update("image", { image: "python:3" }),
    verdict: "passed",
    says: /All 2 replicas were of the new version after \S+ s; 0 of \d+ requests were lost/,
  },
  "update to an image without the program": {
    kind: "rolling-update",
    with: update("image", { image: "busybox:1" }, { readySeconds: 10 }),
    verdict: "failed",
    says: /The new version was not ready on all replicas within 10 s\. Container web .*"python3": executable file not found.*\nCorrect command and args \(“python3 -u -c …”\)/,
  },
  "update of the environment": {
    kind: "rolling-update",
    with: update("env", { env: { VERSION: "v2" } }, { newAnswer: { contains: "v2" } }),
    verdict: "passed",
    says: /The new version answers with “v2” somewhere\.\nAll 2 replicas were of the new version/,
  },
  "update of the environment that changes nothing": {
    kind: "rolling-update",
    with: update("env", { env: { VERSION: "v2" } }),
    verdict: "failed",
    says: /still at revision 2: “Set VERSION=v2 in Deployment env” changes nothing, as it is so already.*\nHand in the version before it/,
  },
  "update that the program does not take": {
    kind: "rolling-update",
    with: update("env", { env: { VERSION: "broken" } }, { readySeconds: 15 }),
    verdict: "failed",
    says: /not ready on all replicas within 15 s\. Container web .* ends with exit status 1.*VERSION broken is unknown/s,
  },
  "update of a container that is not there": {
    kind: "rolling-update",
    with: update("locks", { env: { VERSION: "v2" }, container: "app" }, { readySeconds: 10 }),
    verdict: "failed",
    says: /Deployment locks has no container app, which the new version changes; it has web\.\nName the container app/,
  },
  "container that cannot start a second time": {
    kind: "self-heal",
    with: { deployment: "locks", service: "locks", drills: [{ do: "kill-process", recoverySeconds: 12 }] },
    verdict: "failed",
    says: /1 of 2 replicas were ready\. Container web .* ends with exit status 7.*cannot create directory ‘\/run\/lock\/web’: File exists/s,
  },
  "program that starts too slowly": {
    kind: "self-heal",
    with: { deployment: "slow", service: "slow", drills: [{ do: "delete-pod", recoverySeconds: 8 }] },
    verdict: "failed",
    says: /8 s later 1 of 2 replicas were ready\. Container web .*connection refused.*\nBefore, the pods did pass this probe\. Let the program start faster.* within 8 s/s,
  },
};

judgeCases(cases, { files });
