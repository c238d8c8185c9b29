import { setTimeout as wait } from "node:timers/promises";
import { judgeParts, type Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext, CheckVerdict } from "../../kit/define-check.ts";
import { requestApi } from "../kit/api/request-api.ts";
import { watched } from "../kit/api/watched.ts";
import { isServing, isSettled, presentPods, readyPods } from "../kit/drills/count-replicas.ts";
import { judgeLost } from "../kit/drills/lost/judge-lost.ts";
import { type DrillScene, runDrill } from "../kit/drills/prepare-drill.ts";
import { withTimeline } from "../kit/drills/with-timeline.ts";
import { explainWorkload } from "../kit/pods/explain-workload.ts";
import { defineClusterCheck, drillShows } from "../kit/shown/define-cluster-check.ts";
import { explainBounds, judgeAutoscaler } from "./judge-autoscaler.ts";
import { judgeEndings } from "./judge-endings.ts";
import { kubernetesScale, type Settings } from "./settings.ts";

export const scaleDeployment = defineClusterCheck(
  kubernetesScale,
  async (context, settings): Promise<CheckVerdict> => {
    const namespace = settings.namespace ?? context.kubernetes().namespaces[0];
    const expected = `Deployment ${settings.deployment} serves, and can be scaled.`;
    const plan = { ...settings, namespace, service: settings.service };
    const ran = await runDrill(context, plan, (scene) => scaleAll(context, scene, settings));
    if (ran.outcome === "not-begun") return { verdict: "failed", message: { expected, ...ran.problem } };
    const { result, timeline, load } = ran.run;
    // Only now is it certain that there is a Deployment for it to scale.
    const said = settings.autoscaler
      ? await judgeAutoscaler(context, namespace, settings.deployment, settings.autoscaler)
      : [];
    const parts = [...said, ...result.parts];
    if (settings.service !== undefined)
      parts.push(
        judgeLost({
          when: "While it is scaled",
          allowed: settings.allowFailed,
          load,
          deployment: result.deployment,
          drill: result.drill,
          sinceMs: result.startedMs,
        }),
      );
    const lost = settings.service === undefined ? "" : ` ${load.failed} of ${load.sent} requests were lost.`;
    const note = settings.autoscaler
      ? " The HorizontalPodAutoscaler is as asked; without a metrics server, which this cluster does not have, it never scales by load."
      : "";
    const passed = `${result.told.join(" ")}${lost}${note}`.trim();
    return withTimeline(judgeParts(parts, settings.partial, context.maxPoints, passed), timeline);
  },
  drillShows,
);

async function scaleAll(
  context: CheckContext,
  { drill, plan, deployment, target }: DrillScene,
  settings: Settings,
) {
  const before = deployment.spec?.replicas ?? 1;
  const { namespace, deployment: name } = plan;
  const steady = target ? isServing : isSettled;
  const parts: Part[] = [];
  const told: string[] = [];
  const startedMs = drill.atMs();

  const scaleTo = async (replicas: number) => {
    drill.action(`Scale Deployment ${name} to ${replicas}`);
    const path = `${watched("Deployment", namespace).path}/${name}/scale`;
    const contentType = "application/merge-patch+json";
    const request = { method: "PATCH", path, contentType, body: { spec: { replicas } } } as const;
    await requestApi(context.kubernetes().student, request, context.signal);
    const beganMs = drill.atMs();
    const done = await drill.until(
      (state) => state.deployment?.spec?.replicas === replicas && steady(state),
      settings.readySeconds,
    );
    const seconds = ((drill.atMs() - beganMs) / 1000).toFixed(1);
    if (done) drill.reached(`${replicas} replicas are ready, after ${seconds} s.`);
    return { done: done !== null, seconds };
  };
  const step = async (replicas: number) => {
    const { done, seconds } = await scaleTo(replicas);
    const expected = `Scaled to ${replicas}, Deployment ${name} has ${replicas} replicas ready within ${settings.readySeconds} s`;
    // An autoscaler looks every 15 s: whether it has scaled back yet is chance, that it will is not.
    const bounds = await explainBounds(context, namespace, name, replicas);
    if (done && bounds === null) {
      parts.push({ expected, problem: null });
      told.push(`${replicas} replicas were ready after ${seconds} s.`);
      return;
    }
    const trouble = bounds ?? (await explainWorkload(context, "Deployment", namespace, name));
    const has = `It had ${readyPods(drill.now().pods).length} ready.`;
    parts.push({ expected, problem: { happened: `${has} ${trouble.happened}`, fix: trouble.fix } });
  };

  if (settings.up !== undefined) await step(settings.up);
  if (settings.down !== undefined) {
    await step(settings.down);
    const least = settings.down;
    const grace = deployment.spec?.template.spec?.terminationGracePeriodSeconds ?? 30;
    const gone = await drill.until((state) => presentPods(state.pods).length <= least, grace + 10);
    if (gone) drill.reached(`The pods that were too many are gone.`);
    if (settings.graceful) parts.push(judgeEndings(name, grace, drill));
  }
  // Requests under way have their answer before the pods change again.
  await wait(target ? plan.traffic.timeoutSeconds * 1000 : 0, undefined, { signal: context.signal });
  if (before !== (deployment.spec?.replicas ?? 1) || settings.up !== undefined || settings.down !== undefined)
    await scaleTo(before);
  return { parts, told, drill, deployment, startedMs };
}
