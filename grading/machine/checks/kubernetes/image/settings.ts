import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { buildId } from "../../kit/settings/settings.ts";

const imageName = z
  .string()
  .max(200)
  .regex(/^[a-z0-9]+([._/-]+[a-z0-9]+)*:\w[\w.-]*$/, "a name with a tag, such as shop-web:1.0")
  .refine((name) => name.length - name.indexOf(":") <= 129, "a tag of at most 128 characters")
  .refine((name) => !name.endsWith(":latest"), "a tag other than latest, which pods would try to pull");

const settings = z.strictObject({
  build: buildId,
  names: z
    .array(imageName)
    .min(1)
    .max(5)
    .describe("Names by which the manifests use the image, such as shop-web:1.0."),
});

export const kubernetesImage = defineKind({
  kind: "kubernetes/image",
  summary: "Gives the built image to every node of the cluster, under the names that the manifests use.",
  settings,
  defaultTimeoutSeconds: 120,
  // No program of the student's runs here.
  timeLimitFault: "platform",
  uses: ({ build }) => ({ build: { id: build } }),
});
