import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { partialCredit } from "../../kit/settings/settings.ts";
import { namespaceSetting, readySeconds } from "../kit/settings/kubernetes-settings.ts";
import { oneWorkload, workloadFields, workloadOf } from "../kit/settings/workload-settings.ts";
import { localPort, sharedFile } from "./judge-together.ts";

const names = z.array(z.string().min(1).max(63)).min(1).max(10);

const settings = z
  .strictObject({
    ...workloadFields,
    namespace: namespaceSetting,
    readySeconds,
    containers: names.describe(
      "Containers that run together in each pod; native sidecars (initContainers with restartPolicy: Always) count.",
    ),
    init: names.optional().describe("Init containers that must have run and ended well before."),
    nativeSidecars: names
      .optional()
      .describe("Containers that must be native sidecars: they start before the others and end after them."),
    files: z
      .array(sharedFile)
      .max(10)
      .default([])
      .describe("Files that one container writes and another reads."),
    network: z.array(localPort).max(10).default([]).describe("What answers at the pod's localhost."),
    processes: z.boolean().default(false).describe("Whether the containers must see each other's processes."),
    ipc: z.boolean().default(false).describe("Whether the containers must share memory and semaphores."),
    steadySeconds: z
      .number()
      .min(0)
      .max(60)
      .default(5)
      .describe("No container may end for so long once all are ready."),
    partial: partialCredit,
  })
  .refine((s) => workloadOf(s) !== null, oneWorkload);
export type Settings = z.output<typeof settings>;

export const kubernetesMultiContainer = defineKind({
  kind: "kubernetes/multi-container",
  summary: "Containers of one pod run together and share a volume, the network, memory or processes.",
  settings,
  defaultTimeoutSeconds: 120,
});
