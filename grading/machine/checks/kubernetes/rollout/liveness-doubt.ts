import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";
import type { CheckContext } from "../../kit/define-check.ts";
import { createClients } from "../kit/api/clients.ts";
import type { Trouble } from "../kit/api/trouble.ts";
import { waitUntil } from "../kit/api/wait-until.ts";
import { watched } from "../kit/api/watched.ts";
import { explainKilling, killingWords } from "../kit/pods/explain-container.ts";
import { eventsOf } from "../kit/pods/explain-pods.ts";

const mostSeconds = 60;
/** Between the last failure that is one too many and the kubelet's word about it. */
const graceSeconds = 2;

/**
 * Whether a liveness probe ends pods that are ready. Asked only where a probe has failed already: then events are
 * watched for as long as the probe's own failureThreshold takes. null when the pods live on.
 */
export async function findKillingProbe(
  context: CheckContext,
  namespace: string,
  pods: V1Pod[],
): Promise<Trouble | null> {
  const { admin } = context.kubernetes();
  const clients = createClients(admin, context.signal);
  const seconds = secondsInDoubt(pods, await eventsOf(clients, namespace));
  if (seconds === 0) return null;
  context.log(`a liveness probe has failed: watching for ${seconds} s whether it ends the program`);
  const uids = new Set(pods.map((pod) => pod.metadata?.uid));
  const killed = await waitUntil<CoreV1Event, string>(
    admin,
    watched("Event", namespace),
    (events) =>
      events.find(
        ({ involvedObject, message = "" }) => uids.has(involvedObject.uid) && killingWords.test(message),
      )?.involvedObject.uid,
    { seconds, signal: context.signal },
  );
  const pod = pods.find((each) => killed.outcome === "reached" && each.metadata?.uid === killed.found);
  if (!pod) return null;
  const own = killed.objects.filter((event) => event.involvedObject.uid === pod.metadata?.uid);
  return explainKilling({ pod, events: own, logs: new Map(), images: [] });
}

/** How long until probes that have failed would have failed as often as they may; 0 when none has. */
function secondsInDoubt(pods: V1Pod[], events: CoreV1Event[]): number {
  const probes = pods.flatMap((pod) =>
    (pod.spec?.containers ?? []).flatMap(({ name, livenessProbe: probe }) =>
      probe ? [{ uid: pod.metadata?.uid, name, probe }] : [],
    ),
  );
  const failed = probes.filter(({ uid, name }) =>
    events.some(
      ({ involvedObject, message = "" }) =>
        involvedObject.uid === uid &&
        (involvedObject.fieldPath ?? "").includes(`{${name}}`) &&
        /liveness probe (failed|errored)/i.test(message),
    ),
  );
  const seconds = failed.map(
    ({ probe }) =>
      (probe.failureThreshold ?? 3) * ((probe.periodSeconds ?? 10) + (probe.timeoutSeconds ?? 1)) +
      graceSeconds,
  );
  return Math.min(mostSeconds, Math.max(0, ...seconds));
}
