import { z } from "zod";

const labelKey = z
  .string()
  .regex(
    /^([a-z0-9.-]+\/)?[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/,
    "a key such as disk or example.com/disk",
  );
const labelValue = z.string().regex(/^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$/, "a value such as ssd");

export const taintSetting = z.strictObject({
  key: labelKey,
  value: labelValue.optional(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).default("NoSchedule"),
});

/** Nodes as settings name them: by name, or by a label that they have. */
export const nodeSetting = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9.-]*$|^[A-Za-z0-9_./-]+=[A-Za-z0-9_.-]*$/,
    "a node's name or a label, such as node-2 or disk=fast",
  );

const nodeChange = z
  .strictObject({
    labels: z.record(labelKey, labelValue).default({}).describe("Labels that the node gets."),
    taints: z.array(taintSetting).default([]).describe("Taints that the node gets."),
    cordon: z
      .boolean()
      .default(false)
      .describe("Whether the node takes no new pods, as after kubectl cordon."),
  })
  .prefault({});

export const nodeChanges = z
  .record(
    z.string().regex(/^[a-z][a-z0-9-]*$/, "a node's name or a word of your own, such as node-2 or fast"),
    nodeChange,
  )
  .refine((nodes) => Object.keys(nodes).length > 0, "name at least one node")
  .describe(
    "What is changed on which node: by name, such as node-2; any other word means a node chosen by lot.",
  );
export type NodeChanges = z.output<typeof nodeChanges>;
