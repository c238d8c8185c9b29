import type { V1Pod } from "@kubernetes/client-node";
import type { Part } from "../../kit/credit/share-credit.ts";

/** Where pods must be. All that is stated must hold of every pod. */
export interface Placement {
  onNodes?: string[] | undefined;
  notOnNodes?: string[] | undefined;
  spread?: { minNodes?: number | undefined; maxPerNode?: number | undefined } | undefined;
}

/** Judges where the pods of a workload run; what names it in a sentence, such as “Deployment web”. */
export function judgePlacement(what: string, pods: V1Pod[], placement: Placement): Part[] {
  const parts: Part[] = [];
  const { onNodes, notOnNodes, spread } = placement;
  if (onNodes)
    parts.push({
      expected: `Every pod of ${what} runs on ${anyOf(onNodes)}`,
      problem: misplaced(
        pods.filter((pod) => !onNodes.includes(nodeOf(pod))),
        "Say with nodeSelector or nodeAffinity (requiredDuringSchedulingIgnoredDuringExecution) which labels the node must have.",
      ),
    });
  if (notOnNodes)
    parts.push({
      expected: `No pod of ${what} runs on ${anyOf(notOnNodes)}`,
      problem: misplaced(
        pods.filter((pod) => notOnNodes.includes(nodeOf(pod))),
        "Do not tolerate the node's taint, or exclude its labels with nodeAffinity (operator NotIn or DoesNotExist).",
      ),
    });
  const nodes = byNode(pods);
  if (spread?.minNodes !== undefined) {
    const { minNodes } = spread;
    parts.push({
      expected: `The pods of ${what} run on at least ${minNodes} nodes`,
      problem: nodes.size >= minNodes ? null : { happened: `${placesInWords(what, nodes)}.`, fix: spreadFix },
    });
  }
  if (spread?.maxPerNode !== undefined) {
    const { maxPerNode } = spread;
    const crowded = [...nodes].filter(([, names]) => names.length > maxPerNode);
    parts.push({
      expected: `No node runs more than ${maxPerNode} ${maxPerNode === 1 ? "pod" : "pods"} of ${what}`,
      problem: crowded.length === 0 ? null : { happened: `${placesInWords(what, nodes)}.`, fix: spreadFix },
    });
  }
  return parts;
}

const spreadFix =
  "Keep the pods apart with podAntiAffinity (requiredDuringSchedulingIgnoredDuringExecution, topologyKey kubernetes.io/hostname, a labelSelector that picks these pods), or with topologySpreadConstraints (whenUnsatisfiable: DoNotSchedule).";

/** Judges whether every pod shares its node with a pod of the other workload, or none does. */
export function judgeCompany(
  what: string,
  pods: V1Pod[],
  other: { what: string; pods: V1Pod[] },
  wanted: "near" | "away",
): Part {
  const theirs = new Set(other.pods.map(nodeOf));
  const wrong = pods.filter((pod) => theirs.has(nodeOf(pod)) !== (wanted === "near"));
  const places = `${placesInWords(other.what, byNode(other.pods))}.`;
  const said = wanted === "near" ? "podAffinity" : "podAntiAffinity";
  const problem = misplaced(
    wrong,
    `Use ${said} (requiredDuringSchedulingIgnoredDuringExecution, topologyKey kubernetes.io/hostname) with a labelSelector that picks the pods of ${other.what}.`,
  );
  return {
    expected: `Every pod of ${what} runs on a node ${wanted === "near" ? "with a" : "without any"} pod of ${other.what}`,
    problem: problem && { ...problem, happened: `${problem.happened} ${places}` },
  };
}

/** Judges that the scheduler chose the nodes, not the manifest. */
export function judgeScheduled(what: string, statedNode: string | undefined): Part {
  return {
    expected: `The scheduler chooses the nodes of ${what}`,
    problem:
      statedNode === undefined
        ? null
        : {
            happened: `${what} states nodeName: ${statedNode}, which goes around the scheduler: taints, resources and affinity are not looked at.`,
            fix: "Remove nodeName; say with nodeSelector or affinity which node it should be.",
          },
  };
}

export const nodeOf = (pod: V1Pod) => pod.spec?.nodeName ?? "";

function misplaced(pods: V1Pod[], fix: string): Part["problem"] {
  if (pods.length === 0) return null;
  const places = pods
    .slice(0, 10)
    .map((pod) => `pod ${pod.metadata?.name} runs on ${nodeOf(pod) || "no node"}`);
  const happened = `${capital(places.join(", "))}${pods.length > 10 ? ` and ${pods.length - 10} more` : ""}.`;
  return { happened, fix };
}

function byNode(pods: V1Pod[]): Map<string, string[]> {
  const nodes = new Map<string, string[]>();
  for (const pod of pods)
    nodes.set(nodeOf(pod), [...(nodes.get(nodeOf(pod)) ?? []), pod.metadata?.name ?? ""]);
  return nodes;
}

const placesInWords = (what: string, nodes: Map<string, string[]>) =>
  nodes.size === 0
    ? `${what} has no pods`
    : `Of ${what}, ${[...nodes].map(([node, names]) => `${node} runs ${names.length === 1 ? `pod ${names[0]}` : `${names.length} pods`}`).join(", ")}`;

const anyOf = (nodes: string[]) => nodes.join(" or ");
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
