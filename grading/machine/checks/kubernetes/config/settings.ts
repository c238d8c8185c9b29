import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { partialCredit, portNumber, textMatch } from "../../kit/settings/settings.ts";
import { namespaceSetting, objectName, readySeconds } from "../kit/settings/kubernetes-settings.ts";
import { oneWorkload, workloadFields, workloadOf } from "../kit/settings/workload-settings.ts";

const configKey = {
  kind: z.enum(["ConfigMap", "Secret"]).default("ConfigMap"),
  object: objectName.describe("Name of the ConfigMap or Secret."),
  key: z
    .string()
    .regex(/^[-._a-zA-Z0-9]+$/, "a key such as app.properties")
    .max(253)
    .describe("Its key."),
};
const filePath = z.string().startsWith("/").max(500);

const settings = z
  .strictObject({
    ...workloadFields,
    namespace: namespaceSetting,
    container: z.string().max(63).optional().describe("Which container; the first when left out."),
    readySeconds,
    env: z
      .array(
        z.strictObject({
          name: z
            .string()
            .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a name of letters, digits and _, such as LOG_LEVEL")
            .describe("The variable."),
          ...configKey,
        }),
      )
      .max(20)
      .default([])
      .describe("Variables that must come from a key."),
    files: z
      .array(z.strictObject({ path: filePath.describe("In the container."), ...configKey }))
      .max(20)
      .default([])
      .describe("Files that must come from a key."),
    update: z
      .strictObject({
        ...configKey,
        value: z.string().max(65_536).describe("The check writes it, and puts the old one back in the end."),
        seconds: z.number().min(1).max(300).default(90).describe("The pod must have followed by then."),
        file: filePath.optional().describe("File in the container that must then hold the value."),
        answer: z
          .strictObject({
            service: objectName,
            port: portNumber.default(80),
            path: z.string().startsWith("/").max(500).default("/"),
            text: textMatch,
          })
          .optional()
          .describe("A request through a Service whose answer must then be so."),
      })
      .refine(({ file, answer }) => file !== undefined || answer !== undefined, "say file or answer, or both")
      .optional()
      .describe("A change that the running pod must follow without a restart."),
    partial: partialCredit,
  })
  .refine((fields) => workloadOf(fields) !== null, oneWorkload)
  .refine(
    ({ env, files, update }) => env.length + files.length > 0 || update !== undefined,
    "say env, files or update",
  );

export const kubernetesConfig = defineKind({
  kind: "kubernetes/config",
  summary:
    "A running pod has the values of a ConfigMap or Secret as variables or files, and follows a change.",
  settings,
  defaultTimeoutSeconds: 180,
});
