import { beforeAll, describe, expect, it } from "vitest";
import type { CheckOutcome } from "#grading/protocol/messages.ts";
import { check, gradeChecks } from "./grade-checks.ts";

/** What students hand in by mistake, each graded in a real cluster, and what each of them is told. */

interface Deployment {
  name: string;
  image?: string;
  replicas?: number;
  /** Lines of the container. */
  container?: string;
  /** Lines of the pods' spec. */
  pod?: string;
}

const deployment = ({ name, image = "nginx:1", replicas = 1, container = "", pod = "" }: Deployment) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      ${pod}
      containers:
      - name: app
        image: ${image}
        resources: {requests: {cpu: 5m, memory: 8Mi}}
        ports: [{containerPort: 80}]
        ${container}
`;
const service = (app: string, target: number) => `---
apiVersion: v1
kind: Service
metadata: {name: ${app}}
spec: {selector: {app: ${app}}, ports: [{port: 80, targetPort: ${target}}]}
`;

/** Refused by kubernetes/manifest. */
const manifests: Record<string, { text: string; says: RegExp }> = {
  "not-yaml": { text: "kind: [", says: /line 1: is not valid YAML/ },
  tabs: { text: "apiVersion: v1\nkind: Pod\nmetadata:\n\tname: a\n", says: /line 4: is indented with a tab/ },
  "one-of-three-broken": {
    text: `${deployment({ name: "a" })}---\nkind: Pod\n  a: b\n---\n${deployment({ name: "b" })}`,
    says: /document 2, line \d+: is not valid YAML/,
  },
  "unknown-kind": {
    text: "apiVersion: apps/v1\nkind: Deploymnet\nmetadata: {name: a}\n",
    says: /which the cluster \(v1\.\d+\.\d+\) does not have.*Did you mean kind: Deployment/,
  },
  "extensions-v1beta1": {
    text: deployment({ name: "a" }).replace("apps/v1", "extensions/v1beta1"),
    says: /removed in 1\.16.*Write apiVersion: apps\/v1/,
  },
  "batch-v1beta1": {
    text: "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: a}\n",
    says: /removed in 1\.25.*Write apiVersion: batch\/v1/,
  },
  "field-misspelt": {
    text: deployment({ name: "a" }).replace("replicas", "replica"),
    says: /unknown field "spec\.replica".*spelling or the indentation of spec\.replica/,
  },
  "selector-matches-nothing": {
    text: deployment({ name: "a" }).replace("labels: {app: a}", "labels: {app: b}"),
    says: /selects pods with app=a, but its own template makes pods with app=b/,
  },
  rivals: {
    text: `${deployment({ name: "a" })}---${deployment({ name: "a" }).replace("metadata: {name: a}", "metadata: {name: b}")}`,
    says: /Deployment a .* and Deployment b .* fight over the same pods/,
  },
  "wrong-target-port": {
    text: `${deployment({ name: "a" })}${service("a", 8080)}`,
    says: /targetPort 8080, but the pods that it selects open 80/,
  },
  "ten-thousand-config-maps": {
    text: Array.from(
      { length: 10_000 },
      (_, index) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c${index}}\n`,
    ).join("---\n"),
    says: /more than 200 objects/,
  },
  "helm-template": {
    text: "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n",
    says: /template of a Helm chart.*helm template/,
  },
};

/** Refused by kubernetes/apply. */
const refused: Record<string, { text: string; says: RegExp }> = {
  "kind-of-ones-own": {
    text: "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: widgets.example.com}\nspec:\n  group: example.com\n  scope: Namespaced\n  names: {kind: Widget, plural: widgets}\n  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]\n",
    says: /belongs to the whole cluster.*does nothing without a controller/,
  },
  "webhook-that-blocks": {
    text: "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: block}\nwebhooks: []\n",
    says: /belongs to the whole cluster.*could block them all/,
  },
  "other-namespace": {
    text: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: kube-system}\n",
    says: /is for the namespace kube-system, which is not the exercise's/,
  },
  "pod-of-the-node": {
    text: "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostNetwork: true, containers: [{name: a, image: nginx:1}]}\n",
    says: /violates PodSecurity.*Remove hostNetwork/,
  },
  "half-good": {
    text: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: good-half}\n---${deployment({ name: "bad-half", replicas: -1 })}`,
    says: /must be greater than or equal to 0.*Nothing was applied/,
  },
};

/** Taken, but never ready: what kubernetes/rollout says. */
const unready: Record<string, Omit<Deployment, "name"> & { says: RegExp }> = {
  "liveness-kills": {
    container: "livenessProbe: {httpGet: {path: /healthz, port: 80}, periodSeconds: 1, failureThreshold: 1}",
    says: /liveness probe of container app .* fails, so the kubelet ends and restarts it.*404/,
  },
  "no-such-image": { image: "ngnix:1", says: /image ngnix:1 cannot be pulled.*The cluster has nginx:/ },
  "crash-loop": {
    image: "busybox:1",
    container: "command: [sh, -c, 'echo no database; exit 3']",
    says: /ends with exit status 3, \d+ times so far\. Its last line was “no database”/,
  },
  "no-such-program": {
    image: "busybox:1",
    container: "command: [serve]",
    says: /executable file not found.*Correct command and args \(“serve”\)/,
  },
  "larger-than-the-node": {
    container: "resources: {requests: {cpu: '64'}, limits: {cpu: '64'}}",
    says: /The scheduler says “0\/1 nodes are available: 1 Insufficient cpu.*Lower resources\.requests/,
  },
  "no-config-map": {
    container: "envFrom: [{configMapRef: {name: settings}}]",
    says: /“configmap "settings" not found”.*Hand in a ConfigMap named settings/,
  },
  "readiness-fails": {
    container: "readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}",
    says: /readiness probe \(connections to port 8080\) fails.*connection refused/,
  },
  "pods-refused": { pod: "hostNetwork: true", says: /violates PodSecurity.*Remove hostNetwork/ },
  "init-hangs": {
    pod: "initContainers: [{name: wait, image: 'busybox:1', command: [sleep, '1000']}]",
    says: /Init container wait .* has not ended yet/,
  },
};

const checks = [
  ...Object.keys(manifests).map((name) => check("manifest", name, { manifests: `${name}.yaml` })),
  ...Object.keys(refused).map((name) => check("apply", name, { manifests: `${name}.yaml` })),
  ...Object.keys(unready).map((name) => check("apply", `taken-${name}`, { manifests: `${name}.yaml` })),
  // All begin at the same time: whoever is asked first is given the time for the others too.
  ...Object.keys(unready).map((name, index) =>
    check("rollout", name, { deployment: name, readySeconds: index === 0 ? 25 : 3 }),
  ),
];

let outcomes: Map<string, CheckOutcome>;

beforeAll(async () => {
  const files: Record<string, string> = {};
  for (const [name, { text }] of Object.entries({ ...manifests, ...refused })) files[`${name}.yaml`] = text;
  for (const [name, made] of Object.entries(unready))
    files[`${name}.yaml`] = withOwnResources(deployment({ ...made, name }));
  outcomes = await gradeChecks({ checks, files });
}, 900_000);

/** A case that states resources of its own takes the place of the usual ones. */
function withOwnResources(text: string): string {
  const [usual, own] = text.match(/ *resources: .*\n/g) ?? [];
  return usual && own ? text.replace(usual, "") : text;
}

function told(id: string): string {
  const outcome = outcomes.get(id);
  expect(outcome, `${id} was graded`).toMatchObject({ verdict: "failed", fault: "student" });
  return `${outcome?.message.happened} ${outcome?.message.fix}`;
}

describe("a real cluster", () => {
  it.each(Object.entries({ ...manifests, ...refused, ...unready }))("tells of %s", (name, { says }) => {
    expect(told(name)).toMatch(new RegExp(says.source, "s"));
  });

  it("takes every Deployment whose trouble shows only when it runs", () => {
    for (const name of Object.keys(unready))
      expect(outcomes.get(`taken-${name}`), name).toMatchObject({ verdict: "passed" });
  });
});
