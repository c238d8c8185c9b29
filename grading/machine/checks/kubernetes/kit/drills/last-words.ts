import type { V1Pod } from "@kubernetes/client-node";
import { shownLimits } from "../../../../../protocol/messages.ts";
import type { CheckContext } from "../../../kit/define-check.ts";
import { apiRefusal } from "../api/api-error.ts";
import { openApi } from "../api/request-api.ts";

const mostPods = 3;
const mostBytes = 64 * 1024;

/** What pods that were told to end wrote until they did: the cluster keeps nothing of it once they are gone. */
export interface LastWords {
  /** Listens to a pod from now on, if it is among the first few. */
  listenTo(pod: V1Pod): void;
  /** Lays open the first that wrote something, and listens no more. */
  show(): Promise<void>;
}

export function keepLastWords(context: CheckContext): LastWords {
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  const heard: { pod: V1Pod; container: string; pieces: Buffer[]; ended: Promise<void> }[] = [];
  return {
    listenTo(pod) {
      const container = pod.spec?.containers[0]?.name;
      if (container === undefined || heard.length >= mostPods) return;
      const pieces: Buffer[] = [];
      const ended = follow(context, pod, container, pieces, signal);
      heard.push({ pod, container, pieces, ended });
    },
    async show() {
      over.abort();
      await Promise.all(heard.map(({ ended }) => ended));
      const told = heard.find(({ pieces }) => Buffer.concat(pieces).toString("utf8").trim() !== "");
      if (!told) return;
      const title = `What container ${told.container} of pod ${told.pod.metadata?.name} wrote until it ended`;
      const excerpt = context.shown.excerpt(title);
      for (const piece of told.pieces) excerpt.write(piece);
    },
  };
}

/** Never rejects: what cannot be heard is told to staff, and is no reason to judge otherwise. */
async function follow(
  context: CheckContext,
  { metadata }: V1Pod,
  container: string,
  pieces: Buffer[],
  signal: AbortSignal,
): Promise<void> {
  const path = `/api/v1/namespaces/${metadata?.namespace}/pods/${metadata?.name}/log`;
  const limits = { tailLines: String(shownLimits.lines), limitBytes: String(mostBytes) };
  try {
    const query = { container, follow: "true", ...limits };
    const stream = await openApi(
      context.kubernetes().admin,
      { method: "GET", path, query, accept: "*/*" },
      signal,
    );
    const stop = () => void stream.destroy(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    try {
      for await (const piece of stream) pieces.push(piece as Buffer);
    } finally {
      signal.removeEventListener("abort", stop);
      stream.destroy();
    }
  } catch (error) {
    const code = apiRefusal(error)?.code;
    // Stopped here, never started, or gone by now.
    if (!signal.aborted && code !== 400 && code !== 404)
      context.staff(`The output of pod ${metadata?.name} was not heard: ${String(error)}`);
  }
}
