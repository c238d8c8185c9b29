import { ApiException, CoreV1Api, type KubeConfig, KubernetesObjectApi } from "@kubernetes/client-node";
import type { KubernetesCluster } from "#grading/machine/checks/kit/kubernetes-cluster.ts";
import { execInPod } from "#grading/machine/checks/kubernetes/kit/api/exec-in-pod.ts";
import type { AttackReport } from "./attack-report.ts";
import { forbiddenObjects, pod } from "./forbidden-objects.ts";
import { foreignAdmin } from "./foreign-admin.ts";

type Words = AttackReport["api"][string];

/** All with the student's own credential, but for the last, which is another cluster's administrator's. */
export async function attackApi(cluster: KubernetesCluster) {
  const api: Record<string, Words> = {};
  const student = KubernetesObjectApi.makeApiClient(cluster.student);
  const core = cluster.student.makeApiClient(CoreV1Api);
  const tryTo = async (what: string, attempt: () => Promise<unknown>) => {
    api[what] = await wordsOf(attempt);
  };

  for (const [what, object] of Object.entries(forbiddenObjects))
    await tryTo(what, () => student.create(object));
  await tryTo("read secrets of kube-system", () => core.listNamespacedSecret({ namespace: "kube-system" }));
  await tryTo("read secrets of all namespaces", () => core.listSecretForAllNamespaces());
  await tryTo("read secrets of the probe namespace", () =>
    core.listNamespacedSecret({ namespace: cluster.probeNamespace }),
  );
  await tryTo("list nodes", () => core.listNode());
  await tryTo("reach a kubelet through the API server", () =>
    core.connectGetNodeProxyWithPath({ name: "node-1", path: "pods" }),
  );
  await tryTo("run a program in kube-system", () => execInCoreDns(cluster, cluster.student));
  await tryTo("delete the quota", () =>
    core.deleteNamespacedResourceQuota({ name: "drydock", namespace: "student" }),
  );
  await tryTo("take the pod security label off", () =>
    student.patch({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "student", labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
    }),
  );
  await tryTo("get a token of a service account of kube-system", () =>
    core.createNamespacedServiceAccountToken({
      name: "coredns",
      namespace: "kube-system",
      body: { spec: { audiences: [] } },
    }),
  );
  const foreign = (await foreignAdmin()).makeApiClient(CoreV1Api);
  await tryTo("come as another cluster's administrator", () => foreign.listNode());
  await tryTo("make a pod that is allowed", () => student.create(pod("allowed", {})));
  await tryTo("delete what has a finalizer that never ends", () => leaveFinalizer(core));
  return { api, configMapsBeforeRefusal: await fillWithConfigMaps(core, api) };
}

async function wordsOf(attempt: () => Promise<unknown>): Promise<Words> {
  try {
    await attempt();
    return { status: 200, words: "" };
  } catch (error) {
    if (error instanceof ApiException) return { status: error.code, words: String(error.body) };
    // A refused stream into a pod says its status in its words.
    const words = String((error as { message?: unknown }).message);
    const status = /Unexpected server response: (\d+)/.exec(words)?.[1];
    if (status === undefined) throw error;
    return { status: Number(status), words };
  }
}

async function execInCoreDns(cluster: KubernetesCluster, as: KubeConfig): Promise<void> {
  const pods = await cluster.admin.makeApiClient(CoreV1Api).listNamespacedPod({ namespace: "kube-system" });
  const name = pods.items[0]?.metadata?.name;
  if (name === undefined) throw new Error("There is no pod in kube-system.");
  const target = { namespace: "kube-system", pod: name, container: "coredns" };
  const said = await execInPod(as, target, ["/coredns", "-version"], AbortSignal.timeout(20_000));
  if (said.outcome === "not-started") throw new Error(said.words);
}

async function leaveFinalizer(core: CoreV1Api): Promise<void> {
  const metadata = { name: "for-ever", finalizers: ["example.com/never"] };
  await core.createNamespacedConfigMap({ namespace: "student", body: { metadata } });
  await core.deleteNamespacedConfigMap({ namespace: "student", name: "for-ever" });
}

/** Up to 10,000; gives how many there were when the first was refused. */
async function fillWithConfigMaps(core: CoreV1Api, api: Record<string, Words>): Promise<number> {
  for (let made = 0; made < 10_000; made += 1) {
    const metadata = { name: `flood-${made}` };
    const said = await wordsOf(() =>
      core.createNamespacedConfigMap({ namespace: "other", body: { metadata } }),
    );
    if (said.status === 200) continue;
    api["make 10,000 ConfigMaps"] = said;
    return made;
  }
  return 10_000;
}
