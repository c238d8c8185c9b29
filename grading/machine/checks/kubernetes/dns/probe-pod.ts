import type { V1Pod } from "@kubernetes/client-node";
import type { CheckContext } from "../../kit/define-check.ts";
import { withoutTrailing } from "../../kit/words/without-trailing.ts";
import { isNotFound } from "../kit/api/api-error.ts";
import { createClients } from "../kit/api/clients.ts";
import { execInPod } from "../kit/api/exec-in-pod.ts";
import { waitUntil } from "../kit/api/wait-until.ts";
import { watched } from "../kit/api/watched.ts";
import { isReady } from "../kit/pods/explain-pod.ts";

/** Images that have getent, the smallest first. */
const suitable = [/^debian:(13|trixie|stable)(-slim)?$/, /^debian:/, /^python:/, /^nginx:/];
const startSeconds = 30;

export interface ProbePod {
  /** IPv4 addresses of a name as programs in the pod find them; [] when there is no such name. */
  lookUp(name: string): Promise<string[]>;
}

/**
 * Runs a pod in Drydock's own namespace that finds names like a pod of the namespace given: what a short name means
 * depends on the search list only. It is deleted in the end.
 */
export async function withProbePod<T>(
  context: CheckContext,
  likeIn: string,
  use: (probe: ProbePod) => Promise<T>,
): Promise<T> {
  const { admin, probeNamespace: namespace, dnsAddress } = context.kubernetes();
  const { core } = createClients(admin, context.signal);
  const name = withoutTrailing(`look-up-${context.checkId}-${likeIn}`.slice(0, 60), "-");
  const body: V1Pod = {
    metadata: { name },
    spec: {
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      dnsPolicy: "None",
      dnsConfig: {
        nameservers: [dnsAddress],
        searches: [`${likeIn}.svc.cluster.local`, "svc.cluster.local", "cluster.local"],
        options: [{ name: "ndots", value: "5" }],
      },
      containers: [{ name: "main", image: await probeImage(context), command: ["sleep", "600"] }],
    },
  };
  await core.createNamespacedPod({ namespace, body });
  try {
    const ready = await waitUntil<V1Pod, true>(
      admin,
      watched("Pod", namespace, { name }),
      ([pod]) => pod !== undefined && isReady(pod),
      { seconds: startSeconds, signal: context.signal },
    );
    if (ready.outcome === "late")
      throw new Error(`The pod ${name} in ${namespace} was not ready within ${startSeconds} s.`);
    return await use({
      async lookUp(wanted) {
        const command = ["getent", "ahostsv4", wanted];
        const target = { namespace, pod: name, container: "main" };
        const ran = await execInPod(admin, target, command, context.signal);
        if (ran.outcome === "not-started") throw new Error(`${command.join(" ")}: ${ran.words}`);
        const lines = ran.stdout.split("\n").map((line) => line.split(/\s+/)[0] ?? "");
        return [...new Set(lines.filter((address) => address !== ""))].sort();
      },
    });
  } finally {
    // Also when the check's time is over.
    const after = createClients(admin, AbortSignal.timeout(5000)).core;
    await after.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 }).catch((error: unknown) => {
      if (!isNotFound(error)) context.staff(`Deleting pod ${name}: ${String(error)}`);
    });
  }
}

async function probeImage(context: CheckContext): Promise<string> {
  const names = await context.kubernetes().imageNames();
  for (const pattern of suitable) {
    const found = names.find((name) => pattern.test(name));
    if (found !== undefined) return found;
  }
  throw new Error(`No image of the cluster has getent: ${names.join(", ")}`);
}
