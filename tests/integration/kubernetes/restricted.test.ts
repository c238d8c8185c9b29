import { type Case, judgeCases } from "./judge-cases.ts";
import { manifest, service, workload } from "./manifests.ts";

/** An exercise whose namespaces enforce the Pod Security standard restricted, in a real cluster. */

const container = { securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } };
const pod = {
  securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
};
const asRoot = { securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } } };

const kept = { volumeMounts: [{ name: "data", mountPath: "/data" }] };
const claims = {
  volumeClaimTemplates: [
    {
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "64Mi" } } },
    },
  ],
};
const stored = (name: string) =>
  manifest(
    workload({
      name,
      kind: "StatefulSet",
      container: { ...container, ...kept },
      pod,
      spec: claims,
    }),
    service(name, { clusterIP: "None" }),
  );

const files = {
  "bare-pod.yaml": manifest({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "bare" },
    spec: { containers: [{ name: "web", image: "nginx:1" }] },
  }),
  "k8s/good.yaml": manifest(workload({ name: "good", container, pod }), service("good")),
  "k8s/plain.yaml": manifest(workload({ name: "plain" })),
  "k8s/root.yaml": manifest(workload({ name: "root", container, pod: asRoot })),
  "k8s/job.yaml": manifest({
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "tidy" },
    spec: {
      schedule: "0 3 * * *",
      jobTemplate: {
        spec: {
          template: {
            spec: {
              restartPolicy: "Never",
              containers: [{ name: "tidy", image: "busybox:1", command: ["true"] }],
            },
          },
        },
      },
    },
  }),
  "k8s/stored.yaml": stored("stored"),
};

const volume = { mountPath: "/data" };
const cases: Record<string, Case> = {
  "Pod that states nothing": {
    kind: "apply",
    with: { manifests: "bare-pod.yaml" },
    verdict: "failed",
    says: /Pod bare .*violates PodSecurity "restricted:latest".*Nothing was applied\.\nSet securityContext\.allowPrivilegeEscalation: false in every container\..*drop: \["ALL"\].*runAsNonRoot: true, and runAsUser to a number.*seccompProfile\.type: RuntimeDefault/s,
  },
  "Deployments that the API server warns about": {
    kind: "apply",
    with: {},
    verdict: "passed",
    says: /It warned about Deployment plain: “would violate PodSecurity "restricted:latest".*It warned about CronJob tidy: “would violate/s,
  },
  "Deployment that states what restricted asks for": {
    kind: "rollout",
    with: { deployment: "good" },
    verdict: "passed",
    says: /2 of 2 replicas are ready/,
  },
  "its Service, with a pod made unready": {
    kind: "service",
    with: { service: "good", deployment: "good", spread: true, unready: {} },
    verdict: "passed",
    says: /sends nothing to a pod that is not ready\.\nService good sends to a pod again/,
  },
  "its name": {
    kind: "dns",
    with: { service: "good" },
    verdict: "passed",
    says: /good, good\.student and good\.student\.svc\.cluster\.local lead to/,
  },
  "its healing": {
    kind: "self-heal",
    with: { service: "good", deployment: "good" },
    verdict: "passed",
    says: /When a pod is deleted: ready again after .* When a container's process is killed: ready again after/,
  },
  "Deployment that states nothing": {
    kind: "rollout",
    with: { deployment: "plain", readySeconds: 5 },
    verdict: "failed",
    says: /0 of 2 replicas were ready\. .*violates PodSecurity "restricted:latest".*\nSet securityContext\.allowPrivilegeEscalation: false/,
  },
  "Deployment of an image that runs as root": {
    kind: "rollout",
    with: { deployment: "root", readySeconds: 5 },
    verdict: "failed",
    says: /container has runAsNonRoot and image will run as root”\.\nThe image's user is root.*Set runAsUser to a number other than 0/,
  },
  "CronJob that states nothing": {
    kind: "cronjob",
    with: { cronJob: "tidy", seconds: 5 },
    verdict: "failed",
    says: /Pods of Job tidy-\S+: the API server said “.*violates PodSecurity.*\nSet securityContext/,
  },
  "StatefulSet that writes to its volume as a user who is not root": {
    kind: "statefulset",
    with: { statefulSet: "stored", volume, order: false },
    verdict: "passed",
    says: /stored-0, stored-1 behave as asked/,
  },
};

judgeCases(cases, { cluster: { podSecurity: "restricted" }, files });
