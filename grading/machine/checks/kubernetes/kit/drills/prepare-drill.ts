import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { V1Deployment, V1Service } from "@kubernetes/client-node";
import type { Part } from "../../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../../kit/define-check.ts";
import { noteRequests, type RequestNotes } from "../../../kit/shown/request-notes.ts";
import { createClients } from "../api/clients.ts";
import { missingObject } from "../api/missing-object.ts";
import { selectorText } from "../api/selectors.ts";
import { outcomeInWords, type RequestOutcome, type RequestTarget, sendRequest } from "../api/send-request.ts";
import { explainWorkload } from "../pods/explain-workload.ts";
import type { TrafficSettings } from "../settings/traffic-settings.ts";
import { isServing, isSettled, readyPods, sendsToReady } from "./count-replicas.ts";
import { explainNoAnswer, explainService } from "./explain-service.ts";
import type { SteadyLoad } from "./load/steady-load.ts";
import { type Drill, withDrill } from "./record-timeline.ts";
import { findTarget } from "./traffic.ts";
import type { WatchedWorkload, WorkloadState } from "./watch-workload.ts";

const answerSeconds = 5;
const betweenTriesMs = 100;
/** Of load before the drill touches anything, so that its timeline shows how it was. */
const calmMs = 1000;

export interface DrillPlan {
  namespace: string;
  deployment: string;
  service: string | undefined;
  readySeconds: number;
  /** Begin as soon as the Service has a ready pod, even in the middle of an update that never ends. */
  anyState?: boolean;
  traffic: TrafficSettings;
}

export interface DrillScene {
  drill: Drill;
  plan: DrillPlan;
  /** As it was before the drill. */
  deployment: V1Deployment;
  /** null without a Service. */
  target: RequestTarget | null;
  load: SteadyLoad | null;
}

export type DrillRun<T> = Awaited<ReturnType<typeof withDrill<T>>>;

type Problem = NonNullable<Part["problem"]>;

/**
 * Waits until the Deployment and its Service serve as they should, begins the load, and runs the drill. A problem is
 * what keeps it from beginning, which is the student's to mend.
 */
export async function runDrill<T>(
  context: CheckContext,
  plan: DrillPlan,
  use: (scene: DrillScene) => Promise<T>,
  onAnswer?: (body: string, sentAtMs: number) => void,
): Promise<{ outcome: "ran"; run: DrillRun<T> } | { outcome: "not-begun"; problem: Problem }> {
  const found = await findDrill(context, plan);
  if ("problem" in found) return { outcome: "not-begun", problem: found.problem };
  const { deployment, service, watched } = found;
  const notBegun: { problem: Problem | null } = { problem: null };
  const run = await withDrill(context, watched, async (drill) => {
    const answers = (state: WorkloadState) => readyPods(state.pods).length > 0 && sendsToReady(state);
    const steady = plan.anyState ? answers : service ? isServing : isSettled;
    const began = await drill.until(steady, plan.readySeconds);
    const target = service ? findTarget(context.kubernetes(), service, plan.traffic) : null;
    if (!began) notBegun.problem = await explainUnsteady(context, plan, drill, service);
    else if (target?.outcome === "none") notBegun.problem = { happened: target.happened, fix: target.fix };
    else if (target && service)
      notBegun.problem = await explainFirst(context, plan, drill, service, target.target);
    if (notBegun.problem) return undefined;
    const where = target?.outcome === "found" ? target.target : null;
    const load = where ? beginLoad(drill, where, plan.traffic, onAnswer) : null;
    await wait(load ? calmMs : 0, undefined, { signal: context.signal });
    return use({ drill, plan, deployment, target: where, load });
  });
  if (notBegun.problem) return { outcome: "not-begun", problem: notBegun.problem };
  return { outcome: "ran", run: run as DrillRun<T> };
}

const beginLoad = (
  drill: Drill,
  target: RequestTarget,
  { perSecond, timeoutSeconds, status }: TrafficSettings,
  onAnswer?: (body: string, sentAtMs: number) => void,
) =>
  drill.load({
    target,
    perSecond,
    status,
    timeoutMs: timeoutSeconds * 1000,
    onAnswer: (answer, sentAtMs) => onAnswer?.(answer.body, sentAtMs),
  });

async function findDrill(
  context: CheckContext,
  plan: DrillPlan,
): Promise<
  | { problem: Problem }
  | { deployment: V1Deployment; service: V1Service | undefined; watched: WatchedWorkload }
> {
  const { namespace, deployment: name, service: serviceName } = plan;
  const clients = createClients(context.kubernetes().admin, context.signal);
  const missing =
    (await missingObject(clients, "Deployment", namespace, name)) ??
    (serviceName === undefined ? null : await missingObject(clients, "Service", namespace, serviceName));
  if (missing) return { problem: missing };
  const deployment = await clients.apps.readNamespacedDeployment({ namespace, name });
  if ((deployment.spec?.replicas ?? 1) === 0)
    return {
      problem: {
        happened: `Deployment ${name} asks for no replicas.`,
        fix: "Set spec.replicas to 1 or more.",
      },
    };
  const service =
    serviceName === undefined
      ? undefined
      : await clients.core.readNamespacedService({ namespace, name: serviceName });
  const selector = selectorText(deployment.spec?.selector);
  return { deployment, service, watched: { namespace, deployment: name, selector, service: serviceName } };
}

/** Why it does not serve yet: the Deployment's reason, else the Service's. */
async function explainUnsteady(
  context: CheckContext,
  { namespace, deployment, readySeconds }: DrillPlan,
  drill: Drill,
  service: V1Service | undefined,
): Promise<Problem> {
  if (service && isSettled(drill.now())) {
    const told = await explainService(context, service, drill.now().slices);
    return (
      told ?? {
        happened: `Service ${service.metadata?.name} does not send to exactly the ready pods of Deployment ${deployment}.`,
        fix: `Let the selector of Service ${service.metadata?.name} name labels that only the pods of Deployment ${deployment} have.`,
      }
    );
  }
  const trouble = await explainWorkload(context, "Deployment", namespace, deployment);
  return {
    happened: `Deployment ${deployment} was not ready within ${readySeconds} s, so the drill could not begin. ${trouble.happened}`,
    fix: trouble.fix,
  };
}

async function explainFirst(
  context: CheckContext,
  { traffic }: DrillPlan,
  drill: Drill,
  service: V1Service,
  target: RequestTarget,
): Promise<Problem | null> {
  const tried = noteRequests(context);
  const first = await awaitAnswer(target, traffic, answerSeconds, context.signal, tried);
  if (first === null) {
    tried.forget();
    return null;
  }
  return explainNoAnswer(context, service, drill.now(), target, first, traffic.status);
}

/** Asks until an answer has the right status (any when null): the nodes hear of a change a moment later. null then, else the last outcome. */
export async function awaitAnswer(
  target: RequestTarget,
  { status, timeoutSeconds }: { status: number | null; timeoutSeconds: number },
  seconds: number,
  signal: AbortSignal,
  tried: RequestNotes,
): Promise<RequestOutcome | null> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const sent = await sendRequest(target, timeoutSeconds * 1000, signal);
    tried.note(`GET ${target.path} to ${target.host} port ${target.port}`, outcomeInWords(sent));
    if (sent.outcome === "answered" && (status === null || sent.answer.status === status)) return null;
    if (performance.now() > end) return sent;
    await wait(betweenTriesMs, undefined, { signal });
  }
}
