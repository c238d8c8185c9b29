import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { V1Service } from "@kubernetes/client-node";
import type { Part } from "../../kit/credit/share-credit.ts";
import { type Answer, type RequestTarget, sendRequest } from "../kit/api/send-request.ts";
import type { PodNameSettings } from "./settings.ts";

/** Chance that a pod that gets its share is missed. */
const missed = 1e-6;
const mostRequests = 400;
const atOnce = 10;
/** The nodes hear of new addresses a moment later. */
const followMs = 6000;
const betweenRoundsMs = 200;

/** Which of the pods answered; null when the answer names none. */
export function podOf(answer: Answer, pods: readonly string[], where: PodNameSettings): string | null {
  const text =
    where.header !== undefined
      ? String(answer.headers[where.header.toLowerCase()] ?? "")
      : where.json !== undefined
        ? valueAt(answer.body, where.json)
        : `${JSON.stringify(answer.headers)} ${answer.body}`;
  return pods.find((pod) => text.includes(pod)) ?? null;
}

function valueAt(body: string, path: string): string {
  try {
    let at: unknown = JSON.parse(body);
    for (const key of path.split("."))
      at = typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined;
    return String(at ?? "");
  } catch {
    // Not JSON: it names no pod there.
    return "";
  }
}

/** Requests after which each of so many pods was asked, but for a chance of one in a million. */
export const requestsToReach = (pods: number) =>
  pods <= 1 ? 1 : Math.min(mostRequests, Math.ceil(Math.log(missed / pods) / Math.log(1 - 1 / pods)));

/** Whether every ready pod gets some of the requests to a Service. */
export async function judgeSpread(
  service: V1Service,
  pods: readonly string[],
  target: RequestTarget,
  where: PodNameSettings,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Part> {
  const what = `Service ${service.metadata?.name}`;
  const expected = `${what} spreads requests over all its ready pods`;
  const broken = (happened: string, fix: string): Part => ({ expected, problem: { happened, fix } });
  if (pods.length < 2)
    return broken(`Only one pod of ${what} is ready: ${pods.join("")}.`, "Run 2 replicas or more.");
  const reached = new Set<string>();
  const most = requestsToReach(pods.length);
  const sticky = service.spec?.sessionAffinity === "ClientIP";
  const end = performance.now() + (sticky ? 0 : followMs);
  let sent = 0;
  let unnamed: Answer | null = null;
  while (reached.size < pods.length && (sent < most || performance.now() < end)) {
    if (sent >= most) await wait(betweenRoundsMs, undefined, { signal });
    sent += atOnce;
    const results = await Promise.all(
      Array.from({ length: atOnce }, () => sendRequest(target, timeoutMs, signal)),
    );
    for (const result of results) {
      if (result.outcome === "lost") continue;
      const pod = podOf(result.answer, pods, where);
      if (pod === null) unnamed = result.answer;
      else reached.add(pod);
    }
  }
  if (reached.size === pods.length) return { expected, problem: null };
  if (reached.size === 0 && unnamed)
    return broken(
      `No answer to GET ${target.path} says which pod it is from.`,
      "Let each answer hold the pod's name, which is the container's host name.",
    );
  const left = pods.filter((pod) => !reached.has(pod));
  if (sticky)
    return broken(
      `${sent} requests all went to ${[...reached].join(", ")}: ${what} has sessionAffinity: ClientIP, which sends one client to the same pod always.`,
      `Remove sessionAffinity from ${what}.`,
    );
  return broken(
    `Of ${sent} requests none was answered by ${left.join(", ")}.`,
    "Let each pod answer with its own name, and on the port that the Service sends to.",
  );
}
