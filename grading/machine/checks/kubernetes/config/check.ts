import { z } from "zod";
import { defineCheck } from "../../define-check.ts";
import { readConfigObjects } from "./config-objects.ts";
import { findWorkload, waitForPods } from "../kit/api/find-workload.ts";
import { judgeEnv, judgeFile, type RunningTarget } from "./judge-config.ts";
import { judgeConfigUpdate } from "./judge-config-update.ts";
import { namespaceSetting, objectName, readySeconds } from "../kit/kubernetes-settings.ts";
import {
  demandWorkload,
  oneWorkload,
  workloadFields,
  workloadInWords,
  workloadOf,
} from "../kit/workload-settings.ts";
import { partialCredit, portNumber, textMatch } from "../../kit/settings.ts";
import { judgeParts, type Part } from "../../kit/credit/share-credit.ts";

const configKey = {
  kind: z.enum(["ConfigMap", "Secret"]).default("ConfigMap"),
  object: objectName.describe("Name of the ConfigMap or Secret."),
  key: z
    .string()
    .regex(/^[-._a-zA-Z0-9]+$/)
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
            .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
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

export const judgeConfiguration = defineCheck({
  kind: "kubernetes/config",
  summary:
    "A running pod has the values of a ConfigMap or Secret as variables or files, and follows a change.",
  settings,
  defaultTimeoutSeconds: 180,

  async run(context, settings) {
    const namespace = settings.namespace ?? context.kubernetes().namespaces[0];
    const ref = demandWorkload(settings);
    const expected = `${workloadInWords(ref)} runs with the settings that it is given.`;
    const failed = ({ happened, fix }: { happened: string; fix: string }) =>
      ({ verdict: "failed", message: { expected, happened, fix } }) as const;
    const found = await findWorkload(context, namespace, ref);
    if (found.outcome === "missing") return failed(found.trouble);
    const ready = await waitForPods(context, found.workload, settings.readySeconds);
    if (ready.outcome === "late") return failed(ready.trouble);
    const [pod] = ready.pods;
    const containers = pod?.spec?.containers ?? [];
    const container = containers.find((each) => each.name === settings.container) ?? containers[0];
    if (!pod || !container || (settings.container && container.name !== settings.container))
      return failed({
        happened: `${found.workload.what} has no container ${settings.container ?? ""}; it has ${containers.map((each) => each.name).join(", ") || "none"}.`,
        fix: `Name the container ${settings.container ?? "as asked"}.`,
      });
    const what = `container ${container.name} of ${found.workload.what}`;
    const target: RunningTarget = { pod, container, what };
    const { env, files, update } = settings;
    const refs = (container.envFrom ?? []).flatMap(({ configMapRef, secretRef }) => [
      { kind: "ConfigMap" as const, object: configMapRef?.name ?? "" },
      { kind: "Secret" as const, object: secretRef?.name ?? "" },
    ]);
    const named = [...env, ...files, ...(update ? [update] : []), ...refs].filter((each) => each.object);
    const objects = await readConfigObjects(context, namespace, named);
    const parts: Part[] = [];
    for (const each of env) parts.push(await judgeEnv(context, target, each.name, each, objects));
    for (const each of files) parts.push(await judgeFile(context, target, each.path, each, objects));
    if (update) parts.push(await judgeConfigUpdate(context, target, ready.pods, update, objects));
    return judgeParts(
      parts,
      settings.partial,
      context.maxPoints,
      `${workloadInWords(ref)} has every setting as asked.`,
    );
  },
});
