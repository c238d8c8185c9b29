import { judgeParts, type Part } from "../../kit/credit/share-credit.ts";
import { findWorkload, waitForPods } from "../kit/pods/find-workload.ts";
import { demandWorkload, workloadInWords } from "../kit/settings/workload-settings.ts";
import { defineClusterCheck } from "../kit/shown/define-cluster-check.ts";
import { readConfigObjects } from "./config-objects.ts";
import { judgeEnv, judgeFile, type RunningTarget } from "./judge-config.ts";
import { judgeConfigUpdate } from "./judge-config-update.ts";
import { kubernetesConfig } from "./settings.ts";

export const judgeConfiguration = defineClusterCheck(kubernetesConfig, async (context, settings) => {
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
});
