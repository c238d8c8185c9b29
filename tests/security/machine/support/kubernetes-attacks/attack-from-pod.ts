import { CoreV1Api, KubernetesObjectApi } from "@kubernetes/client-node";
import type { KubernetesCluster } from "#grading/machine/checks/kit/kubernetes-cluster.ts";
import { execInPod } from "#grading/machine/checks/kubernetes/kit/api/exec-in-pod.ts";
import { pod } from "./forbidden-objects.ts";
import { machinePort, searchScript } from "./machine-secret.ts";

const targets = {
  "the machine, by its address in the cluster's network": `10.240.0.1:${machinePort}`,
  "the machine, by its engine's own network": `172.17.0.1:${machinePort}`,
  "the machine's registry": "10.240.0.1:5000",
  etcd: "10.240.0.10:2379",
  "the controller manager": "10.240.0.10:10257",
  "the scheduler": "10.240.0.10:10259",
  "the kubelet's read-only port": "10.240.0.11:10255",
  "kube-proxy": "10.240.0.11:10249",
  "instance metadata": "169.254.169.254:80",
  "the internet": "1.1.1.1:443",
  "the API server": "10.240.0.10:6443",
  "a neighbour": "10.96.0.10:53",
};

/** Connects to each target, and asks the kubelet and the API server who they let in without a name. */
const connect = `
import json, socket, ssl, urllib.request, urllib.error
said = {}
for name, target in json.loads('TARGETS').items():
    host, port = target.split(":")
    try:
        socket.create_connection((host, int(port)), 3).close()
        said[name] = "open"
    except OSError as error:
        said[name] = str(error)
loose = ssl._create_unverified_context()
for name, url in {"the kubelet, without a name": "https://10.240.0.11:10250/pods", "the API server, without a name": "https://10.96.0.1/api/v1/secrets"}.items():
    try:
        said[name] = "answers %d" % urllib.request.urlopen(url, context=loose, timeout=3).status
    except urllib.error.HTTPError as error:
        said[name] = "answers %d" % error.code
print(json.dumps(said))
`;

/** A pod as root, with all that baseline lets it have. */
export async function attackFromPod(cluster: KubernetesCluster, signal: AbortSignal) {
  const api = KubernetesObjectApi.makeApiClient(cluster.student);
  await api.create(pod("attacker", {}, { image: "python:3.13-slim" }));
  await untilRunning(cluster, "attacker");
  const run = async (command: string[]) => {
    const target = { namespace: "student", pod: "attacker", container: "main" };
    const ended = await execInPod(cluster.student, target, command, signal);
    if (ended.outcome !== "ended") throw new Error(ended.words);
    return ended.stdout;
  };
  const script = connect.replace("TARGETS", JSON.stringify(targets).replaceAll("'", "\\'"));
  const connections = JSON.parse(await run(["python3", "-c", script])) as Record<string, string>;
  const found = await run(["sh", "-c", searchScript]);
  return { connections, finds: found.split("\n").filter(Boolean) };
}

async function untilRunning(cluster: KubernetesCluster, name: string): Promise<void> {
  const core = cluster.student.makeApiClient(CoreV1Api);
  for (let asked = 0; asked < 300; asked += 1) {
    const { status } = await core.readNamespacedPod({ name, namespace: "student" });
    if (status?.phase === "Running") return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The pod ${name} does not run.`);
}
