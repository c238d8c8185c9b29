import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { partialCredit, portNumber, textMatch } from "../../kit/settings/settings.ts";
import { namespaceSetting, readySeconds } from "../kit/settings/kubernetes-settings.ts";
import { oneWorkload, workloadFields, workloadOf } from "../kit/settings/workload-settings.ts";

const containerName = z.string().min(1).max(63);

export const sharedFile = z
  .strictObject({
    from: containerName.describe("The container that writes."),
    to: containerName.describe("The container that must see the file."),
    file: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe(
        "What the writer's own program writes, relative to the shared volume, or absolute such as /dev/shm/count. A file of Drydock's own when left out.",
      ),
    text: textMatch.optional().describe("What must be in that file; anything when left out."),
    seconds: z.number().min(1).max(120).default(20).describe("It is there by then."),
  })
  .refine(({ file, text }) => file !== undefined || text === undefined, "text goes with file")
  .describe("A volume that both containers mount: what one writes, the other reads.");

export type SharedFile = z.output<typeof sharedFile>;

export const localPort = z
  .strictObject({
    port: portNumber.describe("Port at the pod's localhost."),
    path: z.string().startsWith("/").max(500).default("/"),
    status: z.number().int().min(100).max(599).default(200),
    body: textMatch.optional().describe("What the answer must be."),
    seconds: z.number().min(1).max(120).default(20).describe("It answers by then."),
  })
  .describe("HTTP that a container of the pod answers at localhost, where the others reach it.");

export type LocalPort = z.output<typeof localPort>;

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
