import { setTimeout as wait } from "node:timers/promises";
import { VersionApi } from "@kubernetes/client-node";
import type Docker from "dockerode";
import type { KubernetesCluster } from "../checks/kit/kubernetes-cluster.ts";

/** An engine or API server that has not answered by then is not well. */
const answerMs = 10_000;

/** Whether the machine's engine and its Kubernetes answer: then it is not the machine that broke a check. */
export async function isMachineWell({
  docker,
  kubernetes,
}: {
  docker: Docker;
  kubernetes: KubernetesCluster | null;
}): Promise<boolean> {
  const over = new AbortController();
  const late = wait(answerMs, false, { signal: over.signal });
  late.catch(() => undefined);
  const answers = Promise.all([docker.ping(), kubernetes?.admin.makeApiClient(VersionApi).getCode()]).then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answers, late]);
  } finally {
    over.abort();
  }
}
