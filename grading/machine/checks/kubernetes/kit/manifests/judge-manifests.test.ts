import { describe, expect, it } from "vitest";
import { policyRules } from "../../policy/policy-rules.ts";
import {
  findDeadServices,
  findDuplicates,
  findRivals,
  findSelfMismatch,
  templatesOf,
} from "./judge-manifests.ts";
import type { ManifestObject } from "./manifest-object.ts";
import { parseManifest } from "./parse-manifest.ts";
import type { ManifestDocument } from "./read-manifests.ts";

function documents(text: string): ManifestDocument[] {
  return parseManifest(text).map((document) => {
    if (document.outcome === "broken") throw new Error(document.message);
    return { file: "all.yaml", line: document.line, object: document.value as ManifestObject };
  });
}

const workload = (name: string, labels: string, more = "", kind = "Deployment", spec = "") => `
apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: ${name}}}
  ${spec}
  template:
    metadata: {labels: ${labels}}
    spec: {containers: [{name: web, image: "nginx:1.29", ports: [{name: http, containerPort: 80}] ${more}}]}
---`;
const service = (selector: string, target: string, more = "") => `
apiVersion: v1
kind: Service
metadata: {name: web${more}}
spec: {selector: ${selector}, ports: [{port: 80, targetPort: ${target}}]}
---`;

const words = (findings: { happened: string }[]) => findings.map((each) => each.happened).join("\n");

describe("selectors", () => {
  it("must match the template's own labels", () => {
    const broken = templatesOf(documents(workload("web", "{app: wbe}")));
    expect(words(findSelfMismatch(broken))).toBe(
      "Deployment web (all.yaml, line 2) selects pods with app=web, but its own template makes pods with app=wbe.",
    );
    expect(findSelfMismatch(templatesOf(documents(workload("web", "{app: web, tier: front}"))))).toEqual([]);
  });

  it("of two workloads must not pick the same pods", () => {
    const text = `${workload("web", "{app: web}")}${workload("web", "{app: web}").replace("name: web", "name: other")}`;
    expect(words(findRivals(templatesOf(documents(text)), "student"))).toMatch(
      /^Deployment web .* and Deployment other .* fight over the same pods: .*app=web/,
    );
    const apart = text.replace("metadata: {name: other}", "metadata: {name: other, namespace: storage}");
    expect(findRivals(templatesOf(documents(apart)), "student")).toEqual([]);
    const roles = text
      .replace("labels: {app: web}", "labels: {app: web, role: leader}")
      .replace("labels: {app: web}}", "labels: {app: web, role: follower}}");
    expect(roles).toMatch(/leader.*follower/s);
    expect(findRivals(templatesOf(documents(roles)), "student")).toEqual([]);
    const canary = text.replace(
      /labels: \{app: web\}\}(?![\s\S]*labels: \{app: web\}\})/,
      "labels: {app: web, track: canary}}",
    );
    expect(findRivals(templatesOf(documents(canary)), "student")).toHaveLength(1);
    const different = `${workload("web", "{app: web}")}${workload("api", "{app: api}")}`;
    expect(findRivals(templatesOf(documents(different)), "student")).toEqual([]);
  });
});

describe("a Service", () => {
  const dead = (text: string) => {
    const all = documents(text);
    return words(findDeadServices(all, templatesOf(all), "student"));
  };
  const web = workload("web", "{app: web}");

  it.each([
    ["finds its pods and their port by number", web + service("{app: web}", "80"), /^$/],
    ["finds its pods and their port by name", web + service("{app: web}", "http"), /^$/],
    ["may have no selector", web + service("{}", "9"), /^$/],
    [
      "must select something",
      web + service("{app: wbe}", "80"),
      /^Service web .* selects pods with app=wbe, and nothing.*Deployment web makes pods with app=web/,
    ],
    [
      "selects in its own namespace only",
      web + service("{app: web}", "80", ", namespace: storage"),
      /nothing that was handed in/,
    ],
    [
      "must send to a port of theirs",
      web + service("{app: web}", "8080"),
      /sends its port 80 to targetPort 8080, but the pods that it selects open 80 \(http\)/,
    ],
    ["must send to a name that they have", web + service("{app: web}", "htpt"), /targetPort htpt/],
    [
      "may send to any number when they name no port",
      web.replace(/, ports: \[[^\]]*\]/, "") + service("{app: web}", "8080"),
      /^$/,
    ],
    [
      "may not send to a name when they name no port",
      web.replace(/, ports: \[[^\]]*\]/, "") + service("{app: web}", "http"),
      /name no port/,
    ],
    [
      "sends to its own port when it says nothing else",
      web + service("{app: web}", "80").replace(", targetPort: 80", ""),
      /^$/,
    ],
  ])("%s", (_rule, text, said) => {
    expect(dead(text)).toMatch(said);
  });
});

describe("two objects", () => {
  it("may not have the same kind, namespace and name", () => {
    const twice = documents(`${workload("web", "{app: web}")}${workload("web", "{app: web}")}`);
    expect(words(findDuplicates(twice, "student"))).toMatch(
      /^Deployment web \(all\.yaml, line 12\) has the same kind and name as the one in all\.yaml, line 2/,
    );
    const named = documents(
      `${service("{a: b}", "80")}${service("{a: b}", "80", ", namespace: student")}${service("{a: b}", "80", ", namespace: storage")}`,
    );
    expect(findDuplicates(named, "student")).toHaveLength(1);
  });
});

describe("templates of a wrong shape", () => {
  it.each([
    "spec: 12",
    "spec: {template: [1, 2]}",
    "spec: {selector: web, template: {metadata: {labels: [a]}, spec: {containers: {name: web}}}}",
    "spec: {replicas: two, template: {spec: {containers: [null, 3, {ports: 80, resources: none}]}}}",
  ])("never break a rule: %s", (spec) => {
    const all = documents(
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n${spec}\n---\n${service("[1]", "{}")}`,
    );
    const templates = templatesOf(all);
    findSelfMismatch(templates);
    findRivals(templates, "student");
    findDeadServices(all, templates, "student");
    for (const rule of Object.values(policyRules))
      rule.find({ documents: all, templates, namespace: "student", minReplicas: 2 });
  });
});

describe("a policy rule", () => {
  const find = (rule: keyof typeof policyRules, text: string) => {
    const all = documents(text);
    return words(
      policyRules[rule].find({
        documents: all,
        templates: templatesOf(all),
        namespace: "student",
        minReplicas: 2,
      }),
    );
  };
  const full =
    ", resources: {requests: {cpu: 50m, memory: 64Mi}, limits: {memory: 128Mi}}, readinessProbe: {tcpSocket: {port: 80}}, livenessProbe: {tcpSocket: {port: 80}}, securityContext: {runAsNonRoot: true}";
  const job = `apiVersion: batch/v1\nkind: Job\nmetadata: {name: once}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "busybox:1.37"}]}}}\n`;
  const cron = `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec: {schedule: "* * * * *", jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: busybox}]}}}}}\n`;

  it.each(Object.keys(policyRules) as (keyof typeof policyRules)[])(
    "%s holds for a well-made Deployment",
    (rule) => {
      expect(find(rule, workload("web", "{app: web}", full, "Deployment", "replicas: 2"))).toBe("");
    },
  );

  it.each<[keyof typeof policyRules, string, RegExp]>([
    [
      "requests",
      workload("web", "{app: web}"),
      /Container web of Deployment web .* no resources\.requests for cpu and memory/,
    ],
    ["requests", workload("web", "{app: web}", ", resources: {requests: {cpu: 1}}"), /for memory\.$/],
    ["requests", cron, /Container a of CronJob c/],
    [
      "limits",
      workload("web", "{app: web}", ", resources: {limits: {cpu: 1}}"),
      /no resources\.limits for memory/,
    ],
    ["readiness-probe", workload("web", "{app: web}"), /has no readinessProbe/],
    [
      "liveness-probe",
      workload("web", "{app: web}", "", "StatefulSet"),
      /StatefulSet web .*has no livenessProbe/,
    ],
    [
      "no-latest-tag",
      workload("web", "{app: web}").replace(":1.29", ":latest"),
      /uses the image nginx:latest/,
    ],
    ["no-latest-tag", cron, /uses the image busybox, which/],
    [
      "no-privileged",
      workload("web", "{app: web}", ", securityContext: {privileged: true}"),
      /securityContext\.privileged: true/,
    ],
    ["non-root", workload("web", "{app: web}"), /does not say that it runs as a user other than root/],
    [
      "non-root",
      workload("web", "{app: web}", ", securityContext: {runAsNonRoot: true, runAsUser: 0}"),
      /runAsUser: 0/,
    ],
    ["labels-match", workload("web", "{app: web}") + service("{app: x}", "80"), /selects pods with app=x/],
    ["replicas", workload("web", "{app: web}"), /states no replicas, which means 1/],
    ["replicas", workload("web", "{app: web}", "", "Deployment", "replicas: 1"), /asks for 1\./],
  ])("%s finds what breaks it", (rule, text, said) => {
    expect(find(rule, text)).toMatch(said);
  });

  it("takes a limit for a request that is left out, a user's number for non-root, and asks a Job for no probe", () => {
    expect(
      find("requests", workload("web", "{app: web}", ", resources: {limits: {cpu: 1, memory: 1Gi}}")),
    ).toBe("");
    expect(find("non-root", workload("web", "{app: web}", ", securityContext: {runAsUser: 1000}"))).toBe("");
    expect(find("readiness-probe", job)).toBe("");
    expect(find("replicas", job)).toBe("");
  });
});
