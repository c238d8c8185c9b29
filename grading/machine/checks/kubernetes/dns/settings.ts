import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { partialCredit } from "../../kit/settings/settings.ts";
import { namespaceSetting, objectName, readySeconds } from "../kit/settings/kubernetes-settings.ts";

export const settings = z.strictObject({
  service: objectName.describe("Name of the Service."),
  namespace: namespaceSetting,
  headless: z
    .boolean()
    .default(false)
    .describe("Whether its name must give the addresses of its ready pods, instead of one of its own."),
  readySeconds: readySeconds.describe("A headless Service must have a ready pod by then."),
  partial: partialCredit,
});

export const kubernetesDns = defineKind({
  kind: "kubernetes/dns",
  summary: "A Service is found by its name: the short one in its namespace, the longer ones from everywhere.",
  settings,
  defaultTimeoutSeconds: 120,
});
