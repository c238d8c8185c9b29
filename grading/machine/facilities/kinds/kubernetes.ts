import { z } from "zod";
import { defineFacility } from "./define-facility.ts";

const namespaceName = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case words joined by hyphens, such as my-team")
  .max(40)
  .refine((name) => !/^(kube-|drydock|default$)/.test(name), {
    message: "not default, kube-… or drydock…, which belong to the cluster",
  });

export const kubernetesSettings = z.strictObject({
  nodes: z
    .number()
    .int()
    .min(1)
    .max(3)
    .default(1)
    .describe("Worker nodes; the control plane has a place of its own and takes no pods."),
  namespaces: z
    .array(namespaceName)
    .min(1)
    .max(5)
    .default(["student"])
    .describe(
      "Made before the first check; the student has full rights in them and none elsewhere. The first is the default one.",
    ),
  podSecurity: z
    .enum(["baseline", "restricted"])
    .default("baseline")
    .describe("Pod Security standard that the namespaces enforce."),
});
export type KubernetesSettings = z.output<typeof kubernetesSettings>;

/** A Kubernetes of the run's own, whose nodes are containers of the machine's engine. */
export const kubernetes = defineFacility({
  name: "kubernetes",
  title: "Kubernetes",
  settings: kubernetesSettings,
  needs: ["engine"],
  startSeconds: 90,
  size: { cpus: 2, memoryMiB: 4096, processes: 8192 },
});
