import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import type { CheckContext } from "../../../kit/define-check.ts";
import { lastLineInWords } from "../../../kit/words/quote-output.ts";
import { createClients } from "../api/clients.ts";
import { waitUntil } from "../api/wait-until.ts";
import { readLog } from "./explain-pods.ts";
import { staying, type Workload } from "./find-workload.ts";

/**
 * Watches pods that are ready for some seconds, and tells of a container that ends meanwhile: without a readiness
 * probe, a program that crashes again and again is ready between two crashes. null when all go on running.
 */
export async function awaitCrash(
  context: CheckContext,
  { pods }: Workload,
  seconds: number,
): Promise<{ happened: string; fix: string } | null> {
  if (seconds === 0) return null;
  const { admin } = context.kubernetes();
  let before: Map<string, number> | null = null;
  const waited = await waitUntil<V1Pod, Crash>(
    admin,
    pods,
    (all) => {
      before ??= restartsOf(all);
      return findCrash(staying(all), before);
    },
    { seconds, signal: context.signal },
  );
  if (waited.outcome === "late") return null;
  const { pod, status } = waited.found;
  const previous = status.state?.running !== undefined;
  const ended = status.state?.terminated ?? status.lastState?.terminated;
  const output = await readLog(createClients(admin, context.signal), pod, status.name, { previous });
  const reason = ended?.reason === "OOMKilled" ? ", for taking more memory than its limit (OOMKilled)" : "";
  return {
    happened: `Container ${status.name} of pod ${pod.metadata?.name} started and ended again with exit status ${ended?.exitCode ?? "unknown"}${reason}. ${lastLineInWords(output)}`,
    fix: `Let container ${status.name} go on running: its last output says why it ended.`,
  };
}

interface Crash {
  pod: V1Pod;
  status: V1ContainerStatus;
}

const keyOf = (pod: V1Pod, status: V1ContainerStatus) => `${pod.metadata?.uid} ${status.name}`;

/** Of containers that are to go on running, native sidecars too. */
const statusesOf = ({ spec, status }: V1Pod): V1ContainerStatus[] => [
  ...(status?.initContainerStatuses ?? []).filter(({ name }) =>
    spec?.initContainers?.some((each) => each.name === name && each.restartPolicy === "Always"),
  ),
  ...(status?.containerStatuses ?? []),
];

const restartsOf = (pods: V1Pod[]) =>
  new Map(pods.flatMap((pod) => statusesOf(pod).map((status) => [keyOf(pod, status), status.restartCount])));

/** A container that has ended since, or waits to be started again. */
export function findCrash(pods: V1Pod[], before: ReadonlyMap<string, number>): Crash | null {
  for (const pod of pods.filter(({ status }) => status?.phase === "Running"))
    for (const status of statusesOf(pod)) {
      const known = before.get(keyOf(pod, status)) ?? 0;
      const down = status.state?.terminated ?? (status.state?.waiting && status.lastState?.terminated);
      if (status.restartCount > known || down) return { pod, status };
    }
  return null;
}
