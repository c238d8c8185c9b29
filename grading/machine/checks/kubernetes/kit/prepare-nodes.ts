import { randomInt } from "node:crypto";
import type { V1Node, V1Taint } from "@kubernetes/client-node";
import type { CheckContext } from "../../kit/define-check.ts";
import { createClients } from "./api/clients.ts";
import { requestApi } from "./api/request-api.ts";
import type { NodeChanges } from "./settings/node-settings.ts";
import { taintInWords } from "./tolerations.ts";
import { WrongExercise } from "./wrong-exercise.ts";

export interface NodesPrepared {
  /** One sentence a node. */
  inWords: string;
  /** Puts everything back as it was. */
  undo(): Promise<void>;
}

/** Puts labels and taints on nodes with the administrator's rights. Throws WrongExercise when there are not enough nodes. */
export async function prepareNodes(context: CheckContext, asked: NodeChanges): Promise<NodesPrepared> {
  const { admin, nodes } = context.kubernetes();
  const changes = chooseNodes(
    asked,
    nodes.map(({ name }) => name),
    randomInt,
  );
  const { core } = createClients(admin, context.signal);
  const before: V1Node[] = [];
  // What undoes is called when the check's time is over, too.
  const undo = async () => {
    for (const node of before)
      await patchNode(context, node.metadata?.name ?? "", original(node, changes), never);
  };
  try {
    for (const [name, change] of Object.entries(changes)) {
      const node = await core.readNode({ name });
      before.push(node);
      const kept = (node.spec?.taints ?? []).filter(
        (taint) => !change.taints.some((each) => each.key === taint.key && each.effect === taint.effect),
      );
      const spec = {
        ...(change.taints.length > 0 ? { taints: [...kept, ...change.taints] } : {}),
        ...(change.cordon ? { unschedulable: true } : {}),
      };
      await patchNode(context, name, { metadata: { labels: change.labels }, spec }, context.signal);
    }
  } catch (error) {
    await undo();
    throw error;
  }
  return { inWords: Object.entries(changes).map(changeInWords).join(" "), undo };
}

/** Gives each word that is no node's name a node of its own, chosen by lot, so that no manifest can know it. */
export function chooseNodes(
  asked: NodeChanges,
  names: string[],
  lot: (below: number) => number,
): NodeChanges {
  const free = names.filter((name) => !(name in asked));
  return Object.fromEntries(
    Object.entries(asked).map(([word, change]) => {
      if (names.includes(word)) return [word, change];
      const [chosen] = free.length > 0 ? free.splice(lot(free.length), 1) : [];
      if (chosen === undefined)
        throw new WrongExercise(
          `prepare names more nodes than the cluster's ${names.length}: none is left for ${word}.`,
        );
      return [chosen, change];
    }),
  );
}

/** Names of the nodes that settings mean. Throws WrongExercise when there are none. */
export async function nodesNamed(context: CheckContext, meant: readonly string[]): Promise<string[]> {
  const { core } = createClients(context.kubernetes().admin, context.signal);
  const { items } = await core.listNode();
  const picked = items.filter(({ metadata }) =>
    meant.some((each) => {
      const [key = "", value] = each.split("=", 2);
      return value === undefined ? metadata?.name === each : metadata?.labels?.[key] === value;
    }),
  );
  if (picked.length === 0) throw new WrongExercise(`No node is ${meant.join(" or ")}.`);
  return picked.map(({ metadata }) => metadata?.name ?? "").sort();
}

/** The patch that puts back what a change touches, and nothing that others changed meanwhile. */
function original(node: V1Node, changes: NodeChanges) {
  const change = changes[node.metadata?.name ?? ""];
  const labels = node.metadata?.labels ?? {};
  const touched = Object.keys(change?.labels ?? {}).map((key) => [key, labels[key] ?? null]);
  return {
    metadata: { labels: Object.fromEntries(touched) },
    spec: {
      ...(change && change.taints.length > 0 ? { taints: node.spec?.taints ?? null } : {}),
      ...(change?.cordon ? { unschedulable: node.spec?.unschedulable ?? null } : {}),
    },
  };
}

const never = new AbortController().signal;

async function patchNode(
  context: CheckContext,
  name: string,
  body: object,
  signal: AbortSignal,
): Promise<void> {
  const { admin } = context.kubernetes();
  const contentType = "application/merge-patch+json";
  await requestApi(admin, { method: "PATCH", path: `/api/v1/nodes/${name}`, body, contentType }, signal);
}

function changeInWords([name, { labels, taints, cordon }]: [string, NodeChanges[string]]): string {
  const said = [
    ...Object.entries(labels).map(([key, value]) => `the label ${key}=${value}`),
    ...taints.map((taint: V1Taint) => `the taint ${taintInWords(taint)}`),
  ];
  const gets = said.length > 0 ? `Node ${name} gets ${said.join(", ")}.` : "";
  return [gets, cordon ? `Node ${name} is cordoned.` : ""].filter((text) => text !== "").join(" ");
}
