import type { V1Node } from "@kubernetes/client-node";
import type { CheckContext } from "../../kit/define-check.ts";
import { waitUntil } from "../kit/api/wait-until.ts";

/** Waits until the cluster sees a node as ready, or as not ready any more; false when it did not in time. */
export async function awaitNode(
  context: CheckContext,
  name: string,
  ready: boolean,
  seconds: number,
): Promise<boolean> {
  const waited = await waitUntil<V1Node, true>(
    context.kubernetes().admin,
    { path: "/api/v1/nodes", fieldSelector: `metadata.name=${name}` },
    ([node]) => node !== undefined && isNodeReady(node) === ready,
    { seconds, signal: context.signal },
  );
  return waited.outcome === "reached";
}

const isNodeReady = ({ status }: V1Node) =>
  status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") ?? false;
