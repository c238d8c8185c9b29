import { Resolver } from "node:dns/promises";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { V1Pod, V1Service, V1StatefulSet } from "@kubernetes/client-node";
import type { Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import { isNotFound } from "../kit/api/api-error.ts";
import { createClients } from "../kit/api/clients.ts";
import { labelsInWords, selects } from "../kit/api/selectors.ts";

/** Name servers keep answers for some seconds, also that there is none. */
const againMs = 500;

/** Judges that a headless Service of the StatefulSet gives each of its pods a name that the cluster's DNS answers. */
export async function judgeStableNames(
  context: CheckContext,
  what: string,
  object: V1StatefulSet,
  pods: V1Pod[],
  seconds: number,
): Promise<Part> {
  const namespace = object.metadata?.namespace ?? "";
  const service = object.spec?.serviceName ?? "";
  const names = pods.map((pod) => ({
    host: `${pod.metadata?.name}.${service}.${namespace}.svc.cluster.local`,
    address: pod.status?.podIP ?? "",
  }));
  const expected = `A headless Service gives each pod of ${what} a name of its own, such as ${pods[0]?.metadata?.name ?? "web-0"}.${service || "web"}`;
  const wrong = await judgeHeadless(context, what, object);
  if (wrong) return { expected, problem: wrong };
  const deadline = performance.now() + seconds * 1000;
  for (const { host, address } of names) {
    const answer = await resolveUntil(context, host, address, deadline);
    if (answer !== null)
      return {
        expected,
        problem: {
          happened: `The cluster's name server ${answer} for ${host} after ${seconds} s; the pod's address is ${address}.`,
          fix: `Let the selector of Service ${service} pick the pods, and let them become ready (or set publishNotReadyAddresses).`,
        },
      };
  }
  return { expected, problem: null };
}

async function judgeHeadless(
  context: CheckContext,
  what: string,
  object: V1StatefulSet,
): Promise<Part["problem"]> {
  const name = object.spec?.serviceName ?? "";
  if (name === "")
    return {
      happened: `${what} states no serviceName, so its pods have no names in DNS.`,
      fix: "Hand in a headless Service (clusterIP: None) that picks the pods, and set spec.serviceName to its name.",
    };
  const { core } = createClients(context.kubernetes().admin, context.signal);
  let service: V1Service;
  try {
    service = await core.readNamespacedService({ name, namespace: object.metadata?.namespace ?? "" });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return {
      happened: `${what} states serviceName: ${name}, and there is no Service ${name}.`,
      fix: `Hand in a Service ${name} with clusterIP: None, or correct serviceName.`,
    };
  }
  if (service.spec?.clusterIP !== "None")
    return {
      happened: `Service ${name} has the address ${service.spec?.clusterIP}: it is not headless, so its name stands for all pods together and none has a name of its own.`,
      fix: `Set clusterIP: None in Service ${name}.`,
    };
  const selector = service.spec.selector ?? {};
  const labels = object.spec?.template.metadata?.labels ?? {};
  if (Object.keys(selector).length > 0 && selects({ matchLabels: selector }, labels)) return null;
  return {
    happened: `Service ${name} picks pods with ${labelsInWords(selector)}; the pods of ${what} have ${labelsInWords(labels)}.`,
    fix: `Make spec.selector of Service ${name} match the pods' labels.`,
  };
}

/** Asks until the name stands for this address alone; what was answered instead when it does not by the deadline. */
async function resolveUntil(
  context: CheckContext,
  host: string,
  address: string,
  deadline: number,
): Promise<string | null> {
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  resolver.setServers([context.kubernetes().dnsAddress]);
  for (;;) {
    const answer = await ask(resolver, host);
    if (answer.join() === address) return null;
    if (performance.now() > deadline)
      return answer.length === 0 ? "has no answer" : `answers ${answer.join(", ")}`;
    await wait(againMs, undefined, { signal: context.signal });
  }
}

async function ask(resolver: Resolver, host: string): Promise<string[]> {
  try {
    return await resolver.resolve4(host);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (["ENOTFOUND", "ENODATA", "ESERVFAIL", "ETIMEOUT", "ECONNREFUSED"].includes(code)) return [];
    throw error;
  }
}
