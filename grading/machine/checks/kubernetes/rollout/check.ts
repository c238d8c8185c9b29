import { performance } from "node:perf_hooks";
import type { V1Deployment, V1Pod } from "@kubernetes/client-node";
import type { CheckContext, CheckVerdict } from "../../kit/define-check.ts";
import { matchInWords, textMatches } from "../../kit/words/match-text.ts";
import { lastLineInWords } from "../../kit/words/quote-output.ts";
import { createClients } from "../kit/api/clients.ts";
import { missingObject } from "../kit/api/missing-object.ts";
import { watched } from "../kit/api/watched.ts";
import { isReady } from "../kit/pods/explain-pod.ts";
import { explainPods } from "../kit/pods/explain-pods.ts";
import { explainWorkload, podsOf } from "../kit/pods/explain-workload.ts";
import { defineClusterCheck } from "../kit/shown/define-cluster-check.ts";
import { awaitLog } from "./await-log.ts";
import { awaitSteady } from "./await-steady.ts";
import { findKillingProbe } from "./liveness-doubt.ts";
import { kubernetesRollout, type Settings } from "./settings.ts";

export const awaitRollout = defineClusterCheck(kubernetesRollout, async (context, settings) => {
  const namespace = settings.namespace ?? context.kubernetes().namespaces[0];
  const { pod, deployment = "" } = settings;
  return pod === undefined
    ? awaitDeployment(context, namespace, deployment, settings)
    : awaitPod(context, namespace, pod, settings);
});

async function awaitDeployment(
  context: CheckContext,
  namespace: string,
  name: string,
  settings: Settings,
): Promise<CheckVerdict> {
  const { admin } = context.kubernetes();
  const expected = `Deployment ${name} has all its replicas ready within ${settings.readySeconds} s.`;
  const failed = (happened: string, fix: string) => failedVerdict(expected, happened, fix);
  const clients = createClients(admin, context.signal);
  const missing = await missingObject(clients, "Deployment", namespace, name);
  if (missing) return failed(missing.happened, missing.fix);
  const waited = await awaitSteady<V1Deployment>(
    admin,
    watched("Deployment", namespace, { name }),
    ([deployment]) => deployment !== undefined && isRolledOut(deployment),
    { seconds: settings.readySeconds, steadySeconds: settings.steadySeconds, signal: context.signal },
  );
  const [deployment] = waited.objects;
  if (deployment === undefined)
    return failed(
      `Deployment ${name} was deleted while it was waited for.`,
      "Keep it: nothing that you hand in may delete it.",
    );
  const { spec, status } = deployment;
  const replicas = spec?.replicas ?? 1;
  if (replicas === 0)
    return failed(`Deployment ${name} asks for no replicas.`, "Set spec.replicas to 1 or more.");
  if (settings.replicas !== undefined && replicas !== settings.replicas)
    return failed(
      `Deployment ${name} asks for ${replicas} replicas; ${settings.replicas} are asked for here.`,
      `Set spec.replicas to ${settings.replicas}.`,
    );
  if (waited.outcome === "late") {
    const trouble = await explainWorkload(context, "Deployment", namespace, name);
    const ready = status?.updatedReplicas ? (status.readyReplicas ?? 0) : 0;
    const state =
      ready < replicas
        ? `After ${settings.readySeconds} s, ${ready} of ${replicas} replicas were ready.`
        : `Within ${settings.readySeconds} s, the replicas were never ready for longer than a moment.`;
    return failed(`${state} ${trouble.happened}`, trouble.fix);
  }
  const pods = await podsOf(clients, namespace, spec?.selector);
  const killing = await findKillingProbe(context, namespace, pods);
  if (killing) return failed(`The replicas were ready, but do not live. ${killing.happened}`, killing.fix);
  return passedVerdict(expected, `${replicas} of ${replicas} replicas are ready.`);
}

/** As kubectl rollout status sees it: the newest template is the only one that runs, and all of it is available. */
function isRolledOut({ metadata, spec, status }: V1Deployment): boolean {
  const replicas = spec?.replicas ?? 1;
  return (
    (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0) &&
    (status?.updatedReplicas ?? 0) === replicas &&
    (status?.replicas ?? 0) === replicas &&
    (status?.availableReplicas ?? 0) === replicas
  );
}

async function awaitPod(
  context: CheckContext,
  namespace: string,
  name: string,
  { readySeconds, steadySeconds, log }: Settings,
): Promise<CheckVerdict> {
  const { admin } = context.kubernetes();
  const clients = createClients(admin, context.signal);
  const writes = log ? ` and writes ${matchInWords(log)}` : "";
  const expected = `Pod ${name} is ready within ${readySeconds} s${writes}.`;
  const failed = (happened: string, fix: string) => failedVerdict(expected, happened, fix);
  const missing = await missingObject(clients, "Pod", namespace, name);
  if (missing) return failed(missing.happened, missing.fix);
  const started = performance.now();
  const waited = await awaitSteady<V1Pod>(
    admin,
    watched("Pod", namespace, { name }),
    ([pod]) => pod !== undefined && isReady(pod),
    { seconds: readySeconds, steadySeconds, signal: context.signal },
  );
  const [pod] = waited.objects;
  if (waited.outcome === "late" || !pod) {
    const trouble = await explainPods(context, namespace, waited.objects);
    const phase = pod?.status?.phase ?? "gone";
    return failed(
      `Pod ${name} was not ready within ${readySeconds} s, or only for a moment (${phase}). ${trouble?.happened ?? ""}`.trim(),
      trouble?.fix ?? "Let the program go on running and become ready sooner.",
    );
  }
  const killing = await findKillingProbe(context, namespace, [pod]);
  if (killing) return failed(`Pod ${name} was ready, but does not live. ${killing.happened}`, killing.fix);
  if (log) {
    const container = pod.spec?.containers[0]?.name ?? "";
    const seconds = Math.max(1, readySeconds - (performance.now() - started) / 1000);
    const { wanted, output } = await awaitLog(admin, pod, container, (text) => textMatches(log, text), {
      seconds,
      signal: context.signal,
    });
    if (!wanted)
      return failed(
        `Pod ${name} is ready. ${lastLineInWords(output)}`,
        `Make the program write ${matchInWords(log)} to standard output.`,
      );
  }
  return passedVerdict(expected, `Pod ${name} is ready.`);
}

const failedVerdict = (expected: string, happened: string, fix: string): CheckVerdict => ({
  verdict: "failed",
  message: { expected, happened, fix },
});
const passedVerdict = (expected: string, happened: string): CheckVerdict => ({
  verdict: "passed",
  message: { expected, happened, fix: "" },
});
