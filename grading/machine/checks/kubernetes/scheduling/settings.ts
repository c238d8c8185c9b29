import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { partialCredit, portNumber } from "../../kit/settings/settings.ts";
import { schedulerReasonNames } from "../kit/pods/scheduler-reasons.ts";
import { parseQuantity } from "../kit/quantity.ts";
import { namespaceSetting, readySeconds } from "../kit/settings/kubernetes-settings.ts";
import { nodeChanges, nodeSetting } from "../kit/settings/node-settings.ts";
import { workloadFields, workloadOf, workloadSettings } from "../kit/settings/workload-settings.ts";

const quantity = z.string().refine((text) => parseQuantity(text) !== null, "a quantity such as 250m or 64Mi");

const amount = z.union([
  quantity,
  z
    .strictObject({ min: quantity.optional(), max: quantity.optional() })
    .refine(({ min, max }) => min !== undefined || max !== undefined, "say min, max or both"),
]);

export type Amount = z.output<typeof amount>;

const amounts = z
  .strictObject({ cpu: amount.optional(), memory: amount.optional(), "ephemeral-storage": amount.optional() })
  .prefault({})
  .describe("By resource: the quantity itself (1000m is 1), or min and max.");

export const resourceSettings = z
  .strictObject({
    container: z.string().optional().describe("The container; every one when left out."),
    requests: amounts,
    limits: amounts,
  })
  .describe("What containers must state under resources.");

export type ResourceSettings = z.output<typeof resourceSettings>;

const count = z.number().int().min(1).max(50);

const settings = z
  .strictObject({
    ...workloadFields,
    namespace: namespaceSetting,
    readySeconds,
    prepare: z
      .strictObject({
        nodes: nodeChanges,
        keep: z
          .boolean()
          .default(false)
          .describe("Leave it so for the checks after this one; put back as it was when false."),
        restart: z
          .boolean()
          .default(true)
          .describe("Delete the workload's pods then, so that the scheduler decides about new ones."),
      })
      .optional()
      .describe("Labels and taints put on nodes first. With no workload named, that is all the check does."),
    onNodes: z
      .array(nodeSetting)
      .min(1)
      .optional()
      .describe("Every pod runs on one of these nodes, by name or by label (disk=fast)."),
    notOnNodes: z.array(nodeSetting).min(1).optional().describe("No pod runs on one of these nodes."),
    spread: z
      .strictObject({ minNodes: count.optional(), maxPerNode: count.optional() })
      .optional()
      .describe("On at least so many nodes, and at most so many pods on each."),
    near: workloadSettings.optional().describe("Every pod shares its node with a pod of this workload."),
    awayFrom: workloadSettings.optional().describe("No pod shares its node with a pod of this workload."),
    resources: z.array(resourceSettings).min(1).optional().describe("Requests and limits that are stated."),
    qos: z.enum(["Guaranteed", "Burstable", "BestEffort"]).optional().describe("QoS class of the pods."),
    ports: z
      .array(portNumber)
      .optional()
      .describe("Ports that containers declare; hostPort is told about and refused. May be empty."),
    pendingBecause: z
      .enum(schedulerReasonNames)
      .optional()
      .describe("Pods must stay Pending, and the scheduler's words must give this reason."),
    pendingPods: count
      .optional()
      .describe("With pendingBecause: how many, while all others are ready. All when left out."),
    drain: z
      .strictObject({
        node: z
          .union([nodeSetting, z.literal("busiest")])
          .default("busiest")
          .describe("The node, by name or label; busiest is the one with most of the workload's pods."),
        seconds: z.number().min(5).max(300).default(60).describe("The pods are ready elsewhere by then."),
        minAvailable: count.optional().describe("So many pods are ready all the time."),
        budget: z.boolean().default(false).describe("Whether a PodDisruptionBudget must pick the pods."),
      })
      .optional()
      .describe("Cordons a node and evicts its pods as kubectl drain does; afterwards it takes pods again."),
    partial: partialCredit,
  })
  .refine(
    (s) => workloadOf(s) !== null || (s.prepare && !namesAny(s)),
    "say whose pods: one of deployment, statefulSet, daemonSet, job, pod",
  )
  .refine(
    (s) => !s.prepare?.restart || (s.pod === undefined && s.job === undefined),
    "pods of a job and a single pod are not made anew: say restart: false in prepare",
  )
  .refine(
    (s) => s.pendingPods === undefined || s.pendingBecause !== undefined,
    "pendingPods goes with pendingBecause",
  );
export type Settings = z.output<typeof settings>;

function namesAny(fields: object): boolean {
  return Object.keys(workloadFields).some((key) => (fields as Record<string, unknown>)[key] !== undefined);
}

export const kubernetesScheduling = defineKind({
  kind: "kubernetes/scheduling",
  summary:
    "Where the scheduler puts pods, and why not: taints, affinity, resources, ports, drains, pods that must wait.",
  settings,
  defaultTimeoutSeconds: 180,
});
