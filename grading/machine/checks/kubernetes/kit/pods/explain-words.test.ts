import { describe, expect, it } from "vitest";
import { explainUnknownKind } from "../manifests/explain-kind.ts";
import { explainRefusal } from "../manifests/explain-refusal.ts";
import { imagesLike, plainImageName } from "./image-names.ts";
import { explainAdmission } from "./refused-creation.ts";
import { explainUnschedulable } from "./unschedulable.ts";

const known = [
  { apiVersion: "v1", kind: "Pod", plural: "pods", namespaced: true },
  { apiVersion: "v1", kind: "Service", plural: "services", namespaced: true },
  { apiVersion: "apps/v1", kind: "Deployment", plural: "deployments", namespaced: true },
  { apiVersion: "batch/v1", kind: "CronJob", plural: "cronjobs", namespaced: true },
];

describe("a kind that the cluster does not have", () => {
  it.each<[string, string, RegExp]>([
    [
      "extensions/v1beta1",
      "Deployment",
      /removed in 1\.16; this cluster is v1\.36\.3 \| Write apiVersion: apps\/v1.*spec\.selector/,
    ],
    ["apps/v1beta1", "StatefulSet", /removed in 1\.16.*apiVersion: apps\/v1/],
    ["apps/v1beta2", "DaemonSet", /removed in 1\.16.*apiVersion: apps\/v1/],
    ["batch/v1beta1", "CronJob", /removed in 1\.25.*apiVersion: batch\/v1 for CronJob/],
    ["networking.k8s.io/v1beta1", "Ingress", /removed in 1\.22.*networking\.k8s\.io\/v1.*pathType/],
    ["extensions/v1beta1", "Ingress", /removed in 1\.22.*networking\.k8s\.io\/v1/],
    ["policy/v1beta1", "PodDisruptionBudget", /removed in 1\.25.*policy\/v1/],
    ["policy/v1beta1", "PodSecurityPolicy", /There is no PodSecurityPolicy any more/],
    ["autoscaling/v2beta2", "HorizontalPodAutoscaler", /removed in 1\.26.*autoscaling\/v2/],
    ["flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", /removed in 1\.32/],
    [
      "v1",
      "Deployment",
      /in which the cluster \(v1\.36\.3\) has no Deployment \| Write apiVersion: apps\/v1/,
    ],
    ["apps/v1", "Service", /Write apiVersion: v1 for Service/],
    ["v1", "service", /Did you mean kind: Service with apiVersion: v1/],
    ["apps/v1", "Deploymnet", /Did you mean kind: Deployment/],
    ["v1", "pods", /Did you mean kind: Pod /],
    ["example.com/v1", "Widget", /belongs to an extension/],
    ["v1", "Nonsense", /kubectl api-resources lists them/],
  ])("%s %s is told with what to write", (apiVersion, kind, words) => {
    const { happened, fix } = explainUnknownKind(apiVersion, kind, known, "v1.36.3");
    expect(`${happened} | ${fix}`).toMatch(words);
  });
});

describe("why pods are not taken", () => {
  it.each<[string, string, RegExp]>([
    [
      "Pod Security",
      'pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true), hostPath volumes (volume "h"), privileged (container "a" must not set securityContext.privileged=true)',
      /^admission: .*standard “baseline”\. \| Remove securityContext\.privileged\. Remove hostNetwork, hostPID and hostIPC\. Use emptyDir/,
    ],
    [
      "Pod Security, restricted",
      'violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "a" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "a" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "a" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
      /standard “restricted”\. \| Set securityContext\.allowPrivilegeEscalation: false.*drop: \["ALL"\].*runAsNonRoot: true.*RuntimeDefault/,
    ],
    [
      "quota",
      'pods "p" is forbidden: exceeded quota: quota, requested: requests.cpu=4, used: requests.cpu=0, limited: requests.cpu=1',
      /^quota: .*no more than its ResourceQuota.*Ask for less/,
    ],
    [
      "a quota that wants resources stated",
      'pods "p" is forbidden: failed quota: quota: must specify requests.cpu for: a; requests.memory for: a',
      /^quota: .*State resources for every container: requests\.cpu for: a; requests\.memory for: a/,
    ],
    [
      "a limit range",
      'pods "p" is forbidden: maximum memory usage per Container is 512Mi, but limit is 1Gi',
      /^quota: .*LimitRange/,
    ],
    [
      "a service account",
      'pods "p" is forbidden: error looking up service account student/x: serviceaccount "x" not found',
      /^config: .*Hand in a ServiceAccount named x/,
    ],
  ])("is told for %s", (_what, words, said) => {
    const trouble = explainAdmission("Pods of Deployment web", words);
    expect(`${trouble?.cause}: ${trouble?.happened} | ${trouble?.fix}`).toMatch(said);
  });

  it("is left to others when the words speak of something else", () => {
    expect(explainAdmission("Pod p", "spec.containers: Required value")).toBeNull();
  });
});

describe("why an object is refused", () => {
  const object = {
    what: "Deployment web (k8s/web.yaml, line 1)",
    kind: "Deployment",
    namespaced: true,
    namespaces: ["student"],
  };
  const refusal = (code: number, message: string, fields: string[] = []) => ({
    code,
    reason: "",
    message,
    causes: fields.map((field) => ({ field, reason: "", message: "" })),
  });

  it.each<[string, ReturnType<typeof refusal>, RegExp]>([
    [
      "a wrong value",
      refusal(422, "is invalid", ["spec.replicas", "spec.replicas"]),
      /^Correct spec\.replicas\.$/,
    ],
    ["an immutable field", refusal(422, "spec.selector: field is immutable"), /another name/],
    [
      "an unknown field",
      refusal(400, 'strict decoding error: unknown field "spec.replica"'),
      /spelling or the indentation of spec\.replica:/,
    ],
    [
      "a number as text",
      refusal(
        400,
        "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
      ),
      /Write a number as spec\.replicas, not text/,
    ],
    [
      "a map for a list",
      refusal(
        400,
        "json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container",
      ),
      /Write a list \(lines that begin with -\) as spec\.containers, not a map/,
    ],
    [
      "y for text",
      refusal(400, "json: cannot unmarshal bool into Go struct field EnvVar.env.value of type string"),
      /Write text as env\.value, not true or false; y, n, yes/,
    ],
    ["an exported object", refusal(409, "the object has been modified"), /Remove metadata\.uid/],
    ["managed fields", refusal(400, "metadata.managedFields must be nil"), /metadata\.managedFields/],
    [
      "one entry twice",
      refusal(500, "failed to create typed patch object: .spec.ports: duplicate entries for key [port=80]"),
      /Remove one of the two entries \[port=80\] of spec\.ports/,
    ],
  ])("is told for %s", (_what, said, words) => {
    const { happened, fix } = explainRefusal(object, said);
    expect(happened).toContain(
      `Deployment web (k8s/web.yaml, line 1): the API server said “${said.message}”`,
    );
    expect(fix).toMatch(words);
  });

  it.each([
    ["CustomResourceDefinition", /without a controller/],
    ["ClusterRole", /Use a Role/],
    ["PersistentVolume", /PersistentVolumeClaim/],
    ["ValidatingWebhookConfiguration", /block them all/],
    ["Namespace", /ones that the exercise has made/],
    ["IngressClass", /can be solved without it/],
  ])("is told for a %s, which belongs to the whole cluster", (kind, fix) => {
    const said = explainRefusal({ ...object, kind, namespaced: false }, refusal(403, "x is forbidden"));
    expect(said.happened).toContain("belongs to the whole cluster, and you have rights only in student");
    expect(said.fix).toMatch(fix);
  });
});

describe("why no node takes a pod", () => {
  it.each([
    ["0/2 nodes are available: 2 Insufficient memory.", /Lower resources\.requests/],
    ["0/1 nodes are available: 1 node(s) had untolerated taint {dedicated: batch}.", /toleration/],
    [
      "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
      /nodeSelector or nodeAffinity/,
    ],
    ["0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.", /no more replicas/],
    ["0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.", /hostPort/],
    [
      '0/1 nodes are available: persistentvolumeclaim "data" not found.',
      /Hand in that PersistentVolumeClaim/,
    ],
    ["0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.", /storageClassName/],
    ["0/1 nodes are available: 1 Insufficient example.com/gpu.", /Remove that device/],
    ["something new", /Compare what the pod asks for/],
  ])("%s", (words, fix) => {
    const trouble = explainUnschedulable("web-1", words);
    expect(trouble.happened).toContain(`The scheduler says “${words}”`);
    expect(trouble.fix).toMatch(fix);
  });
});

describe("names of images", () => {
  it("are compared without the default registry and with their tag", () => {
    expect(plainImageName("docker.io/library/nginx")).toBe("nginx:latest");
    expect(plainImageName("registry:5000/shop/web")).toBe("registry:5000/shop/web:latest");
    expect(plainImageName("nginx@sha256:abc")).toBe("nginx@sha256:abc");
  });

  it("that may have been meant come first", () => {
    expect(imagesLike("library/nginx:9", ["busybox:1.37", "nginx-unprivileged:1", "nginx:1.29"])).toEqual([
      "nginx:1.29",
      "nginx-unprivileged:1",
      "busybox:1.37",
    ]);
  });
});
