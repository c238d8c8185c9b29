import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { manifestsPath, namespaceSetting } from "../kit/settings/kubernetes-settings.ts";

const settings = z.strictObject({ manifests: manifestsPath, namespace: namespaceSetting });

export const kubernetesApply = defineKind({
  kind: "kubernetes/apply",
  summary: "Applies the submission's manifests with the student's rights, all of them or none.",
  settings,
  defaultTimeoutSeconds: 60,
  // No program of the student's runs here.
  timeLimitFault: "platform",
});
