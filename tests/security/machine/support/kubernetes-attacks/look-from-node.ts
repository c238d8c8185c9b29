import type Docker from "dockerode";
import { onNode } from "#grading/machine/facilities/kubernetes/on-node.ts";
import { searchScript } from "./machine-secret.ts";

/** What somebody who broke out of a pod and is root of the node finds there. */
export async function lookFromNode(docker: Docker): Promise<string[]> {
  const found = await onNode(docker, "node-1", ["sh", "-c", searchScript]);
  return found.split("\n").filter(Boolean);
}
