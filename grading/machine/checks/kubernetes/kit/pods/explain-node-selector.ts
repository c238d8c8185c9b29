import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { labelsInWords } from "../api/selectors.ts";
import type { Trouble } from "../api/trouble.ts";
import { explainUnschedulable } from "./unschedulable.ts";

const mostValues = 10;

/**
 * Of a pod that waits for a node and states a nodeSelector: whether that is why. The scheduler tells of all nodes at once,
 * of those too that the pod is not meant for.
 */
export function explainNodeSelector(trouble: Trouble, pod: V1Pod, nodes: V1Node[]): Trouble {
  const wanted = Object.entries(pod.spec?.nodeSelector ?? {});
  if (wanted.length === 0) return trouble;
  const labelsOf = ({ metadata }: V1Node) => metadata?.labels ?? {};
  const meant = nodes.filter((node) => wanted.every(([key, value]) => labelsOf(node)[key] === value));
  const name = pod.metadata?.name ?? "";
  if (meant.length > 0) {
    const words = pod.status?.conditions?.find(({ type }) => type === "PodScheduled")?.message ?? "";
    return explainUnschedulable(name, words, "node-labels");
  }
  const there = wanted.map(([key]) => {
    const values = [...new Set(nodes.flatMap((node) => labelsOf(node)[key] ?? []))].sort();
    return values.length === 0
      ? `no node has a label ${key}`
      : `nodes have ${values
          .slice(0, mostValues)
          .map((value) => `${key}=${value}`)
          .join(" and ")}`;
  });
  return {
    ...trouble,
    happened: `Pod ${name} waits for a node: its nodeSelector asks for ${labelsInWords(pod.spec?.nodeSelector)}, and ${there.join(", ")}.`,
    fix: "Correct nodeSelector to labels that nodes have.",
  };
}
