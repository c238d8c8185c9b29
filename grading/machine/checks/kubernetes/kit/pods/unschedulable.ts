import { re } from "re2js";
import { quoteOutput } from "../../../kit/words/quote-output.ts";
import type { Trouble } from "../api/trouble.ts";

/**
 * Why no node takes a pod, from the scheduler's own words (condition PodScheduled, reason Unschedulable). They count
 * nodes: other says of a reason that it keeps the pod off nodes only that it is not meant for.
 */
export function explainUnschedulable(pod: string, words: string, other?: "node-labels"): Trouble {
  const told = reasons.filter(({ pattern }) => pattern.test(words));
  const rest = told.filter(({ pattern }) => other === undefined || pattern !== nodeLabels);
  const found = rest.length > 0 ? rest : told;
  const meaning = found.map(({ means }) => means).join(" ");
  return {
    cause: "unschedulable",
    happened: `Pod ${pod} waits for a node. The scheduler says ${quoteOutput(words)}. ${meaning}`.trimEnd(),
    fix:
      found.map(({ fix }) => fix).join(" ") ||
      "Compare what the pod asks for with what the nodes have, as the scheduler's words name it.",
  };
}

const ordinary = ["cpu", "memory", "ephemeral-storage", "pods"];

/** Whether something is lacking that is none of the ordinary resources. */
function lacksDevice(words: string): boolean {
  const lacking = [...words.matchAll(/Insufficient (\S+)/g)].map(([, what = ""]) => what);
  return lacking.some((what) => !ordinary.some((each) => what.startsWith(each)));
}

const nodeLabels = /didn't match Pod's node affinity\/selector/;

const reasons: { pattern: { test(text: string): boolean }; means: string; fix: string }[] = [
  {
    pattern: /Insufficient (cpu|memory|ephemeral-storage)/,
    means: "It requests more than any node has left.",
    fix: "Lower resources.requests, or run fewer pods.",
  },
  {
    pattern: { test: lacksDevice },
    means: "It requests a device that no node has.",
    fix: "Remove that device from resources.",
  },
  { pattern: /Too many pods/, means: "The nodes run as many pods as they may.", fix: "Run fewer pods." },
  {
    pattern: /untolerated taint/,
    means: "A taint keeps it off a node.",
    fix: "Give the pod a toleration for that taint (key, value and effect as on the node), if it should run there.",
  },
  {
    pattern: nodeLabels,
    means: "No such node has the labels that its nodeSelector or node affinity asks for.",
    fix: "Correct nodeSelector or nodeAffinity to labels that nodes have.",
  },
  {
    pattern: /didn't match pod anti-affinity rules|existing pods anti-affinity rules/,
    means: "Anti-affinity keeps it away from pods that run there already.",
    fix: "Run no more replicas than anti-affinity has places for, or prefer (preferredDuringScheduling…) instead of require.",
  },
  {
    pattern: /didn't match pod affinity rules/,
    means: "The pods that it wants to be near are not there.",
    fix: "Correct the labels in podAffinity, or start those pods first.",
  },
  {
    pattern: /didn't have free ports/,
    means: "Its hostPort is taken on every node.",
    fix: "Remove hostPort, or run at most one such pod a node.",
  },
  {
    pattern: /didn't match pod topology spread constraints/,
    means: "Its topologySpreadConstraints leave no node.",
    fix: "Raise maxSkew or set whenUnsatisfiable: ScheduleAnyway.",
  },
  {
    pattern: re`persistentvolumeclaim "[^"]*" not found`,
    means: "It uses a PersistentVolumeClaim that is not there.",
    fix: "Hand in that PersistentVolumeClaim, or correct its name (claimName) in the pod.",
  },
  {
    pattern: /unbound immediate PersistentVolumeClaims|didn't find available persistent volumes/,
    means: "No volume was found or made for its PersistentVolumeClaim.",
    fix: "Use a storageClassName that the cluster has, or leave it out for the default one; ask for a size and access mode that it gives.",
  },
  {
    pattern: /volume node affinity conflict/,
    means: "Its volume is on another node.",
    fix: "Let the pod run where its volume is.",
  },
  {
    pattern: /node\(s\) were unschedulable/,
    means: "A node is cordoned: it takes no new pods.",
    fix: "Let the pod run on another node.",
  },
];
