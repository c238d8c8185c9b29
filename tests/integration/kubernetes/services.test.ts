import { type Case, judgeCases } from "./judge-cases.ts";
import { manifest, program, service, workload } from "./manifests.ts";

/** Names and ways to Services that not every exercise asks for, in one real cluster. */

/** Ready as long as /tmp/ready is there. */
const asksForFile = {
  command: ["sh", "-c", 'touch /tmp/ready; exec python3 -u -c "$0"', program],
  readinessProbe: { exec: { command: ["test", "-e", "/tmp/ready"] }, periodSeconds: 1, failureThreshold: 1 },
};
const never = { exec: { command: ["false"] }, periodSeconds: 1 };

const files = {
  "k8s/headless.yaml": manifest(workload({ name: "peers" }), service("peers", { clusterIP: "None" })),
  "k8s/not-headless.yaml": manifest(workload({ name: "single", replicas: 1 }), service("single")),
  "k8s/none-ready.yaml": manifest(
    workload({ name: "idle", replicas: 1, container: { readinessProbe: never } }),
    service("idle", { clusterIP: "None" }),
  ),
  "k8s/early.yaml": manifest(
    workload({ name: "early" }),
    workload({ name: "early-slow", replicas: 1, container: { readinessProbe: never } }),
    service("early", { clusterIP: "None", publishNotReadyAddresses: true, selector: { group: "early" } }),
  ).replaceAll('"labels":{"app":"early', '"labels":{"group":"early","app":"early'),
  "k8s/node-port.yaml": manifest(workload({ name: "outside" }), service("outside", { type: "NodePort" })),
  "k8s/unready.yaml": manifest(workload({ name: "told", container: asksForFile }), service("told")),
};

const unready = { by: "command", command: ["rm", "/tmp/ready"], seconds: 15 };

const cases: Record<string, Case> = {
  "all manifests": { kind: "apply", with: {}, verdict: "passed", says: /It took Service/ },
  // Begins while the pods start one after the other.
  "headless Service": {
    kind: "dns",
    with: { service: "peers", headless: true },
    verdict: "passed",
    says: /peers, peers\.student and peers\.student\.svc\.cluster\.local lead to 10\.\S+, 10\.\S+\.$/m,
  },
  "Service with an address where a headless one is asked for": {
    kind: "dns",
    with: { service: "single", headless: true },
    verdict: "failed",
    says: /Service single has the address 10\.\S+, so its name leads there and not to its pods\.\nSet clusterIP: None/,
  },
  "headless Service where one with an address is asked for": {
    kind: "dns",
    with: { service: "peers" },
    verdict: "failed",
    says: /Service peers has clusterIP: None, so its name leads to its pods\.\nRemove clusterIP: None/,
  },
  "headless Service without a ready pod": {
    kind: "dns",
    with: { service: "idle", headless: true, readySeconds: 5 },
    verdict: "failed",
    says: /none of them is ready.*its readiness probe \(“false” with exit status 0\) fails.*\nLet “false” end with exit status 0/,
  },
  "headless Service that names pods before they are ready": {
    kind: "dns",
    with: { service: "early", headless: true },
    verdict: "passed",
    says: /lead to 10\.\S+, 10\.\S+, 10\.\S+\.$/m,
  },
  "Service at a port of the node": {
    kind: "service",
    with: { service: "outside", type: "NodePort", traffic: { via: "node-port" }, spread: true },
    verdict: "passed",
    says: /Service outside answers at \S+ port 3\d{4}\.\nService outside spreads requests/,
  },
  "Service that opens no port of the node": {
    kind: "service",
    with: { service: "single", traffic: { via: "node-port" }, requests: [{ path: "/" }] },
    verdict: "failed",
    says: /Service single opens no port on the nodes; its type is ClusterIP\.\nSet type: NodePort/,
  },
  "pod that a command makes unready and ready again": {
    kind: "service",
    with: { service: "told", deployment: "told", unready: { ...unready, restore: ["touch", "/tmp/ready"] } },
    verdict: "passed",
    says: /sends nothing to a pod that is not ready\.\nService told sends to a pod again/,
  },
  "pod that a command makes unready, replaced then": {
    kind: "service",
    with: { service: "told", deployment: "told", unready },
    verdict: "passed",
    says: /sends nothing to a pod that is not ready\.\nService told sends to a pod again/,
  },
  "readiness probe that does not see what makes the pod unready": {
    kind: "service",
    with: { service: "outside", unready: { ...unready, command: ["touch", "/tmp/away"], seconds: 4 } },
    verdict: "failed",
    says: /still sent to pod outside-\S+ 4 s after “touch \/tmp\/away” was run in it: its readinessProbe had not failed/,
  },
  "pod without the file that the drill takes away": {
    kind: "service",
    with: { service: "outside", unready },
    verdict: "failed",
    says: /“rm \/tmp\/ready” is run in it\. In container web of pod outside-\S+ it ended with exit status 1.*No such file.*\nLet the container have what “rm \/tmp\/ready” needs/s,
  },
};

judgeCases(cases, { files });
