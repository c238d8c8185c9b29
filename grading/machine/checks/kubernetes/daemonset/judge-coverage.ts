import type { V1Node, V1Pod, V1PodTemplateSpec } from "@kubernetes/client-node";
import type { Part } from "../../kit/credit/share-credit.ts";
import { nodeOf } from "../kit/judge-placement.ts";
import { taintInWords, untolerated } from "../kit/tolerations.ts";

/** Judges that each of the nodes, and no other, runs exactly one of these pods. */
export function judgeCoverage(
  what: string,
  template: V1PodTemplateSpec,
  pods: V1Pod[],
  nodes: V1Node[],
  wanted: string[],
): Part {
  const count = (node: string) => pods.filter((pod) => nodeOf(pod) === node).length;
  const missing = wanted.filter((node) => count(node) === 0);
  const several = wanted.filter((node) => count(node) > 1);
  const surplus = pods.filter((pod) => !wanted.includes(nodeOf(pod)));
  const expected = `${what} runs exactly one pod on ${wanted.join(", ")}${wanted.length < nodes.length ? " and none elsewhere" : ""}`;
  const [bare] = missing;
  if (bare !== undefined) {
    const node = nodes.find(({ metadata }) => metadata?.name === bare);
    return { expected, problem: { ...whyBare(what, template, bare, node) } };
  }
  const [crowded] = several;
  if (crowded !== undefined)
    return {
      expected,
      problem: {
        happened: `${crowded} runs ${count(crowded)} pods of ${what}.`,
        fix: `Use a DaemonSet alone for these pods, with a selector that picks no others.`,
      },
    };
  const [stray] = surplus;
  return {
    expected,
    problem: stray
      ? {
          happened: `Pod ${stray.metadata?.name} of ${what} runs on ${nodeOf(stray) || "no node"}, where none is asked for.`,
          fix: "Say with nodeSelector or nodeAffinity in the pod's template which nodes get one.",
        }
      : null,
  };
}

function whyBare(
  what: string,
  { spec }: V1PodTemplateSpec,
  name: string,
  node: V1Node | undefined,
): { happened: string; fix: string } {
  const taints = untolerated(spec?.tolerations, (node?.spec?.taints ?? []).filter(isOwn));
  if (taints.length > 0)
    return {
      happened: `${name} runs no pod of ${what}: the node has the taint ${taints.map(taintInWords).join(", ")}, and the pod's template does not tolerate it.`,
      fix: `Add tolerations to the pod's template in ${what}, with the key, value and effect of that taint.`,
    };
  const labels = node?.metadata?.labels ?? {};
  const unmet = Object.entries(spec?.nodeSelector ?? {}).filter(([key, value]) => labels[key] !== value);
  if (unmet.length > 0)
    return {
      happened: `${name} runs no pod of ${what}: its nodeSelector asks for ${unmet.map(([key, value]) => `${key}=${value}`).join(", ")}, and the node has no such label.`,
      fix: "Remove that from nodeSelector, or correct it to labels that the nodes have.",
    };
  return {
    happened: `${name} runs no pod of ${what}.`,
    fix: "Let nodeSelector, nodeAffinity and tolerations of the pod's template fit every node that should have a pod.",
  };
}

/** The node's state, such as being cordoned, shows as taints that every DaemonSet tolerates. */
const isOwn = ({ key }: { key: string }) => !key.startsWith("node.kubernetes.io/");
