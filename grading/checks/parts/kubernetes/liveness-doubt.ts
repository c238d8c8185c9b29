import { performance } from "node:perf_hooks";
import type { V1Pod } from "@kubernetes/client-node";
import type { CheckContext } from "../../define-check.ts";
import { createClients } from "./clients.ts";
import { eventsOf, explainPods } from "./explain-pods.ts";
import type { Trouble } from "./trouble.ts";
import { waitUntil } from "./wait-until.ts";
import type { Watched } from "./watched.ts";

const mostSeconds = 60;

/**
 * Whether a liveness probe ends pods that are ready. Asked only where a probe has failed already: then the pods are
 * watched for as long as the probe's own failureThreshold takes. null when they live on.
 */
export async function findKillingProbe(
  context: CheckContext,
  namespace: string,
  pods: V1Pod[],
  watched: Watched,
): Promise<Trouble | null> {
  const { admin } = context.kubernetes();
  const seconds = await secondsInDoubt(context, namespace, pods);
  if (seconds === 0) return null;
  const started = performance.now();
  const before = restartsOf(pods);
  context.log(`a liveness probe has failed: watching for ${seconds} s whether it ends the program`);
  const ended = await waitUntil<V1Pod, true>(admin, watched, (now) => restartsOf(now) > before, {
    seconds,
    signal: context.signal,
  });
  context.staff(`watched for ${Math.round(performance.now() - started)} ms: ${ended.outcome}`);
  return ended.outcome === "late" ? null : explainPods(context, namespace, ended.objects);
}

const restartsOf = (pods: V1Pod[]) =>
  pods
    .flatMap((pod) => pod.status?.containerStatuses ?? [])
    .reduce((sum, status) => sum + status.restartCount, 0);

/** How long until probes that have failed would have failed as often as they may, and the program would be gone. */
async function secondsInDoubt(context: CheckContext, namespace: string, pods: V1Pod[]): Promise<number> {
  const probes = pods.flatMap((pod) =>
    (pod.spec?.containers ?? []).flatMap(({ name, livenessProbe: probe }) =>
      probe ? [{ uid: pod.metadata?.uid, name, probe }] : [],
    ),
  );
  if (probes.length === 0) return 0;
  const events = await eventsOf(createClients(context.kubernetes().admin, context.signal), namespace);
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

/** A program that is told to end needs a moment for it. */
const graceSeconds = 5;
