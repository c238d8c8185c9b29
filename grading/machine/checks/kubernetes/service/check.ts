import type { V1Service } from "@kubernetes/client-node";
import type { Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext, CheckVerdict } from "../../kit/define-check.ts";
import { expectedOf, judgeAnswer, sendHttp } from "../../kit/http/judge-request.ts";
import { noteRequests, type RequestNotes } from "../../kit/shown/request-notes.ts";
import { nameNotFound } from "../../kit/words/name-not-found.ts";
import { createClients } from "../kit/api/clients.ts";
import { missingObject } from "../kit/api/missing-object.ts";
import { outcomeInWords, type RequestTarget } from "../kit/api/send-request.ts";
import { labelSelector } from "../kit/api/watched.ts";
import { desiredOf, podName as nameOf, readyPods, sendsToReady } from "../kit/drills/count-replicas.ts";
import { explainNoAnswer, explainService, judgeSelection } from "../kit/drills/explain-service.ts";
import { judgeReached } from "../kit/drills/judge-reached.ts";
import { awaitAnswer } from "../kit/drills/prepare-drill.ts";
import { type Drill, withDrill } from "../kit/drills/record-timeline.ts";
import { findTarget } from "../kit/drills/traffic.ts";
import type { WorkloadState } from "../kit/drills/watch-workload.ts";
import { withTimeline } from "../kit/drills/with-timeline.ts";
import { defineClusterCheck } from "../kit/shown/define-cluster-check.ts";
import { judgeServicePorts } from "./judge-service-ports.ts";
import { judgeSpread } from "./judge-spread.ts";
import { judgeUnready } from "./judge-unready.ts";
import { kubernetesService, type Settings } from "./settings.ts";

export const judgeService = defineClusterCheck(
  kubernetesService,
  async (context, settings): Promise<CheckVerdict> => {
    const namespace = settings.namespace ?? context.kubernetes().namespaces[0];
    const what = `Service ${settings.service}`;
    const clients = createClients(context.kubernetes().admin, context.signal);
    const missing = await missingObject(clients, "Service", namespace, settings.service);
    if (missing) return { verdict: "failed", message: { expected: `${what} is there.`, ...missing } };
    const read = () => clients.core.readNamespacedService({ name: settings.service, namespace });
    const service = await read();
    const parts = judgeServicePorts(service, settings);
    const selector = service.spec?.selector ?? {};
    const watched = {
      namespace,
      deployment: settings.deployment,
      selector: labelSelector(selector),
      service: settings.service,
    };
    if (Object.keys(selector).length === 0) {
      parts.push({ expected: `${what} sends to ready pods`, problem: judgeSelection(service, []) });
      const skipped = stepsOf(settings) - 1;
      return judgeReached(parts, skipped, settings.partial, context.maxPoints, "");
    }
    const { result, timeline } = await withDrill(context, watched, async (drill) => {
      const judged = await judgeTraffic(context, drill, service, settings);
      return { judged, stable: judgeStable(service, await read()) };
    });
    parts.push(...result.judged, result.stable);
    const broke = result.judged.some(({ problem }) => problem !== null);
    const skipped = broke ? stepsOf(settings) - result.judged.length : 0;
    const passed = `${what} sends to its ready pods, as asked.`;
    const verdict = judgeReached(parts, skipped, settings.partial, context.maxPoints, passed);
    return settings.unready ? withTimeline(verdict, timeline) : verdict;
  },
);

/** How many parts judgeTraffic has when nothing breaks. */
const stepsOf = ({ requests, spread, unready }: Settings) =>
  2 + requests.length + (spread ? 1 : 0) + (unready ? 2 : 0);

/** In this order, and no further than to what keeps the rest from being looked at. */
async function judgeTraffic(
  context: CheckContext,
  drill: Drill,
  service: V1Service,
  settings: Settings,
): Promise<Part[]> {
  const what = `Service ${service.metadata?.name}`;
  const { readySeconds, traffic } = settings;
  const expected = `${what} sends to ready pods, all of them and no other, within ${readySeconds} s`;
  // Pods that will be ready are waited for; those that will not do no harm while others are.
  const whole = (state: WorkloadState) =>
    readyPods(state.pods).length >= Math.max(1, desiredOf(state)) && sendsToReady(state);
  const some = (state: WorkloadState) => readyPods(state.pods).length > 0 && sendsToReady(state);
  const serves = (await drill.until(whole, readySeconds)) ?? (await drill.until(some, 1));
  if (!serves) {
    const problem = await explainService(context, service, drill.now().slices);
    return [{ expected, problem: problem ?? notFollowed(what) }];
  }
  const parts: Part[] = [{ expected, problem: null }];
  const asked = settings.requests.length > 0 || settings.spread || settings.unready !== undefined;
  if (service.spec?.clusterIP === "None" && !asked) return parts;
  const found = findTarget(context.kubernetes(), service, traffic);
  if (found.outcome === "none")
    return [...parts, { expected: `${what} answers`, problem: { happened: found.happened, fix: found.fix } }];
  const { target } = found;
  const answers = `${what} answers at ${target.host} port ${target.port}`;
  const tried = noteRequests(context);
  const silent = await awaitAnswer(target, { ...traffic, status: null }, 5, context.signal, tried);
  if (silent) {
    const problem = await explainNoAnswer(context, service, drill.now(), target, silent, traffic.status);
    return [...parts, { expected: answers, problem }];
  }
  parts.push({ expected: answers, problem: null });
  parts.push(...(await judgeRequests(context, target, settings, tried)));
  const timeoutMs = traffic.timeoutSeconds * 1000;
  const pods = readyPods(drill.now().pods).map(nameOf);
  if (settings.spread)
    parts.push(await judgeSpread(service, pods, target, settings.podName, timeoutMs, context.signal));
  if (settings.unready) {
    const { perSecond, status } = traffic;
    drill.load({ target, perSecond, status, timeoutMs });
    const way = { target, podName: settings.podName, timeoutMs };
    parts.push(...(await judgeUnready(context, drill, service, way, settings.unready)));
  }
  return parts;
}

const notFollowed = (what: string) => ({
  happened: `The ready pods and the addresses of ${what} were not the same for long.`,
  fix: "Let the pods stay ready: look at their probes and restarts.",
});

async function judgeRequests(
  context: CheckContext,
  { host, port }: RequestTarget,
  { requests, service }: Settings,
  tried: RequestNotes,
): Promise<Part[]> {
  const parts: Part[] = [];
  for (const request of requests) {
    const name = `${request.method} ${request.path}`;
    const expected = `Through Service ${service}, ${expectedOf(name, request)}`;
    context.log(`${name} to Service ${service}`);
    try {
      const answer = await sendHttp(context.signal, host, port, request);
      tried.note(name, outcomeInWords({ outcome: "answered", answer }));
      parts.push({ expected, problem: withNameHint(judgeAnswer(name, request, answer), answer.body) });
    } catch (error) {
      context.signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      tried.note(name, `no whole answer: ${reason}`);
      parts.push({
        expected,
        problem: {
          happened: `${name} got no whole answer: ${reason}.`,
          fix: "Send the same request from another pod, and read what the pods behind the Service write meanwhile.",
        },
      });
    }
  }
  return parts;
}

/** What answers here asked another Service, by a name that leads nowhere. */
function withNameHint(problem: Part["problem"], body: string): Part["problem"] {
  if (!problem || !nameNotFound.test(body)) return problem;
  return {
    ...problem,
    fix: `Correct the name that the program asks for: a Service in another namespace is found as NAME.NAMESPACE. ${problem.fix}`,
  };
}

/** Whatever happens to pods, the Service stays what and where it was. */
function judgeStable(before: V1Service, after: V1Service): Part {
  const what = `Service ${before.metadata?.name}`;
  const same =
    before.metadata?.uid === after.metadata?.uid && before.spec?.clusterIP === after.spec?.clusterIP;
  return {
    expected: `${what} keeps its name and address while pods come and go`,
    problem: same
      ? null
      : {
          happened: `Its address was ${before.spec?.clusterIP} and is ${after.spec?.clusterIP}: it was made anew meanwhile.`,
          fix: `Let nothing delete ${what}.`,
        },
  };
}
