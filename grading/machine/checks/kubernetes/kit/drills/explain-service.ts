import type { V1EndpointSlice, V1Pod, V1Service } from "@kubernetes/client-node";
import type { CheckContext } from "../../../kit/define-check.ts";
import type { Listener } from "../../../kit/http/listeners.ts";
import { quoteOutput } from "../../../kit/words/quote-output.ts";
import { createClients } from "../api/clients.ts";
import { labelsInWords } from "../api/selectors.ts";
import { type RequestOutcome, type RequestTarget, sendRequest } from "../api/send-request.ts";
import { podListeners } from "../pods/explain-listening.ts";
import { explainPods } from "../pods/explain-pods.ts";
import { endpointsOf, livePods, podName, readyEndpoints, readyPods } from "./count-replicas.ts";

export interface ServiceProblem {
  happened: string;
  fix: string;
}

const mostNamed = 6;

/** Why a Service has no, or not all, addresses to send to; null when nothing is wrong with it. */
export async function explainService(
  context: CheckContext,
  service: V1Service,
  slices: V1EndpointSlice[],
): Promise<ServiceProblem | null> {
  const clients = createClients(context.kubernetes().admin, context.signal);
  const namespace = service.metadata?.namespace ?? "";
  const { items: pods } = await clients.core.listNamespacedPod({ namespace });
  const stated = judgeSelection(service, pods) ?? judgeTargets(service, pods, slices);
  if (stated) return stated;
  const selected = selectedPods(service, pods);
  if (readyPods(selected).length > 0) return null;
  const what = `Service ${service.metadata?.name}`;
  const trouble = await explainPods(context, namespace, selected);
  return {
    happened: `${what} selects ${namesOf(selected)}, but none of them is ready, so it has nowhere to send to.${trouble ? ` ${trouble.happened}` : ""}`,
    fix: trouble?.fix ?? "Let the pods become ready: their readinessProbe must pass.",
  };
}

/** Pods that a Service's selector picks and that have not ended. */
export const selectedPods = ({ spec }: V1Service, pods: V1Pod[]) =>
  livePods(pods).filter((pod) =>
    Object.entries(spec?.selector ?? {}).every(([key, value]) => pod.metadata?.labels?.[key] === value),
  );

/** Whether the selector picks a pod at all. */
export function judgeSelection(service: V1Service, pods: V1Pod[]): ServiceProblem | null {
  const { metadata, spec } = service;
  const what = `Service ${metadata?.name}`;
  const selector = spec?.selector ?? {};
  if (Object.keys(selector).length === 0)
    return {
      happened: `${what} has no selector, so it sends to no pod.`,
      fix: `Give ${what} a spec.selector with the labels of the pods that it sends to.`,
    };
  if (selectedPods(service, pods).length > 0) return null;
  const live = livePods(pods);
  const labels = [...new Set(live.map((pod) => labelsInWords(ownLabels(pod))))].slice(0, mostNamed);
  const there =
    live.length === 0
      ? "There is no pod in its namespace."
      : `The pods of its namespace have ${labels.join("; ")}.`;
  return {
    happened: `The selector of ${what}, ${labelsInWords(selector)}, matches no pod. ${there}`,
    fix: `Write labels into the selector of ${what} that are in the metadata.labels of the pods' template.`,
  };
}

/** Without the label that a Deployment's controller adds. */
const ownLabels = (pod: V1Pod) =>
  Object.fromEntries(
    Object.entries(pod.metadata?.labels ?? {}).filter(([key]) => key !== "pod-template-hash"),
  );

/** Whether each named targetPort is a port of the selected pods, and each ready pod has its address in a slice. */
export function judgeTargets(
  service: V1Service,
  pods: V1Pod[],
  slices: V1EndpointSlice[],
): ServiceProblem | null {
  const what = `Service ${service.metadata?.name}`;
  const selected = selectedPods(service, pods);
  const named = selected.flatMap((pod) =>
    (pod.spec?.containers ?? []).flatMap(({ ports = [] }) => ports.map((port) => ({ pod, port }))),
  );
  for (const { port, targetPort, protocol = "TCP" } of service.spec?.ports ?? []) {
    if (targetPort === undefined || typeof targetPort === "number" || /^\d+$/.test(targetPort)) continue;
    const same = named.filter((each) => each.port.name === targetPort);
    if (same.some((each) => (each.port.protocol ?? "TCP") === protocol)) continue;
    const other = same[0]?.port;
    const there = [
      ...new Set(
        named.map((each) =>
          each.port.name === undefined
            ? `${each.port.containerPort} without a name`
            : `${each.port.name} (${each.port.containerPort})`,
        ),
      ),
    ];
    return {
      happened: other
        ? `Port ${port} of ${what} goes by ${protocol} to the port named ${targetPort}, which the pods have for ${other.protocol ?? "TCP"} only.`
        : `Port ${port} of ${what} goes to a port named ${targetPort}, and no container of its pods has one of that name; they have ${there.join(", ") || "no named port"}.`,
      fix: other
        ? `Write the same protocol in ${what} and in the container's ports.`
        : `Name the container's port: ports: [{name: ${targetPort}, containerPort: …}], or write its number as targetPort.`,
    };
  }
  const served = new Set(endpointsOf(slices).map(({ pod }) => pod));
  const left = readyPods(selected).find((pod) => !served.has(podName(pod)));
  if (left && endpointsOf(slices).length > 0)
    return {
      happened: `Pod ${podName(left)} is ready, but ${what} does not send to it.`,
      fix: `Let all pods that ${what} selects have the port that it sends to.`,
    };
  return null;
}

const namesOf = (pods: V1Pod[]) => pods.slice(0, mostNamed).map(podName).join(", ");

/** Why a Service that has ready pods does not answer: what the pods themselves do when they are asked. */
export async function explainNoAnswer(
  context: CheckContext,
  service: V1Service,
  { pods, slices }: { pods: V1Pod[]; slices: V1EndpointSlice[] },
  target: RequestTarget,
  said: RequestOutcome,
  status: number,
): Promise<ServiceProblem> {
  const what = `Service ${service.metadata?.name}`;
  if (said.outcome === "answered")
    return {
      happened: `GET ${target.path} through ${what} was answered with status ${said.answer.status}. The body was ${quoteOutput(said.answer.body)}.`,
      fix: `Make the program answer GET ${target.path} with status ${status}.`,
    };
  const stated = await explainService(context, service, slices);
  if (stated) return stated;
  const port = service.spec?.ports?.find(
    (each) => each.port === target.port || each.nodePort === target.port,
  );
  for (const pod of pods.filter((each) => readyEndpoints(slices).some((one) => one.pod === podName(each)))) {
    const number = targetNumber(pod, port?.targetPort ?? port?.port);
    const address = pod.status?.podIP ?? "";
    const direct = await sendRequest(
      { host: address, port: number, path: target.path },
      2000,
      context.signal,
    );
    if (direct.outcome === "answered") continue;
    const listening = await podListeners(pod);
    return explainPort(what, podName(pod), number, port?.port ?? 0, direct, listening);
  }
  return {
    happened: `${what} did not answer at ${target.host} port ${target.port}: ${said.detail}.`,
    fix: `Look at the ports of ${what}: port is where it is asked, targetPort where the container listens.`,
  };
}

/** A pod's number for a target port, which may be a name. */
export function targetNumber(pod: V1Pod, targetPort: number | string | undefined): number {
  if (typeof targetPort === "number" || /^\d+$/.test(targetPort ?? "")) return Number(targetPort);
  const ports = (pod.spec?.containers ?? []).flatMap((container) => container.ports ?? []);
  return ports.find(({ name }) => name === targetPort)?.containerPort ?? 0;
}

/** The sentence for a pod that does not answer on the port that its Service sends to. */
export function explainPort(
  what: string,
  pod: string,
  number: number,
  servicePort: number,
  said: { reason: string; detail: string },
  listening: Listener[],
): ServiceProblem {
  const sends = `Port ${servicePort} of ${what} sends to port ${number} of pod ${pod}`;
  const same = listening.find((each) => each.port === number);
  if (same?.loopback)
    return {
      happened: `${sends}, where the container listens on ${same.address} only, which nobody outside of the pod reaches.`,
      fix: "Let the program listen on 0.0.0.0 instead of 127.0.0.1 or localhost.",
    };
  const open = [...new Set(listening.map(({ port }) => port))];
  if (said.reason === "refused" && open.length > 0)
    return {
      happened: `${sends}, which refuses connections: the container listens on ${open.map((each) => `port ${each}`).join(", ")}.`,
      fix: `Set targetPort: ${open[0]} for port ${servicePort} of ${what}, or let the program listen on port ${number}.`,
    };
  if (said.reason === "refused")
    return {
      happened: `${sends}, which refuses connections: the container listens on no port.`,
      fix: `Let the container's program listen on port ${number}, and give it a readinessProbe that asks it.`,
    };
  return {
    happened: `${sends}, which gives no HTTP answer: ${said.detail}.`,
    fix: `Let the program on port ${number} answer HTTP in time.`,
  };
}
