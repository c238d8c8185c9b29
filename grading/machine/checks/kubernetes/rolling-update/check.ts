import type { V1Deployment } from "@kubernetes/client-node";
import { judgeParts, type Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext, CheckVerdict } from "../../kit/define-check.ts";
import { createClients } from "../kit/api/clients.ts";
import { createVersionCount } from "../kit/drills/await-version.ts";
import { isServing, isSettled } from "../kit/drills/count-replicas.ts";
import { judgeLost } from "../kit/drills/lost/judge-lost.ts";
import { type DrillScene, runDrill } from "../kit/drills/prepare-drill.ts";
import { type Revision, revisionsOf } from "../kit/drills/revisions.ts";
import { withTimeline } from "../kit/drills/with-timeline.ts";
import { explainWorkload } from "../kit/pods/explain-workload.ts";
import { defineClusterCheck, drillShows } from "../kit/shown/define-cluster-check.ts";
import { judgeStrategy, judgeWatched } from "./judge-strategy.ts";
import { kubernetesRollingUpdate, type Settings, type Update } from "./settings.ts";
import { sendUpdate, updateInWords } from "./update-deployment.ts";

export const updateRolling = defineClusterCheck(
  kubernetesRollingUpdate,
  async (context, settings): Promise<CheckVerdict> => {
    const namespace = settings.namespace ?? context.kubernetes().namespaces[0];
    const expected = `Deployment ${settings.deployment} serves, and then takes the new version.`;
    const version = createVersionCount(settings.newAnswer);
    const ran = await runDrill(
      context,
      { ...settings, namespace },
      (scene) => rollOut(context, scene, settings, version),
      version.onAnswer,
    );
    if (ran.outcome === "not-begun") return { verdict: "failed", message: { expected, ...ran.problem } };
    const { result, load, timeline } = ran.run;
    if (result.outcome === "stopped")
      return { verdict: "failed", message: { expected, ...result.problem }, timeline };
    const { parts, tookMs, updated } = result;
    const lost = judgeLost({
      when: "During the update",
      allowed: settings.allowFailed,
      load,
      deployment: updated,
      drill: result.drill,
      sinceMs: result.startedMs,
      replaces: true,
    });
    const passed = `All ${updated.spec?.replicas ?? 1} replicas were of the new version after ${(tookMs / 1000).toFixed(1)} s; ${load.failed} of ${load.sent} requests were lost.`;
    return withTimeline(judgeParts([lost, ...parts], settings.partial, context.maxPoints, passed), timeline);
  },
  drillShows,
);

async function rollOut(
  context: CheckContext,
  { drill, plan, deployment, target }: DrillScene,
  settings: Settings,
  version: ReturnType<typeof createVersionCount>,
) {
  const before = await revisionsOf(context, deployment);
  const generation = deployment.metadata?.generation ?? 0;
  drill.action(updateInWords(settings.deployment, settings.update));
  const startedMs = drill.atMs();
  const sent = await sendUpdate(context, plan.namespace, settings.deployment, settings.update);
  if (sent.outcome === "refused") return { outcome: "stopped" as const, problem: sent.problem };
  const { apps } = createClients(context.kubernetes().admin, context.signal);
  const now = await apps.readNamespacedDeployment({ namespace: plan.namespace, name: settings.deployment });
  if (now.metadata?.generation === generation)
    return { outcome: "stopped" as const, problem: unchanged(settings, newest(before)) };
  const steady = target ? isServing : isSettled;
  const done = await drill.until(
    (state) =>
      (state.deployment?.metadata?.generation ?? 0) > generation && steady(state) && state.deployment,
    settings.readySeconds,
  );
  const after = await revisionsOf(context, deployment);
  const grown = judgeHistory(deployment, settings.update, before, after);
  if (!done) {
    if (newest(after) === newest(before) && grown.problem)
      return { outcome: "stopped" as const, problem: grown.problem };
    const trouble = await explainWorkload(context, "Deployment", plan.namespace, settings.deployment);
    return {
      outcome: "stopped" as const,
      problem: {
        happened: `The new version was not ready on all replicas within ${settings.readySeconds} s. ${trouble.happened}`,
        fix: trouble.fix,
      },
    };
  }
  const tookMs = drill.atMs() - startedMs;
  drill.reached(
    `All replicas are of the new version and ready, ${(tookMs / 1000).toFixed(1)} s after the update.`,
  );
  const updated: V1Deployment = done.found;
  const answered = await version.judge("new version", context.signal);
  if (answered?.problem === null) drill.reached("Only the new version answers.");
  const parts: Part[] = [
    ...judgeStrategy(updated, settings),
    ...judgeWatched(
      updated,
      drill.counts.filter(({ atMs }) => atMs >= startedMs),
    ),
    grown,
    ...(answered ? [answered] : []),
  ];
  return { outcome: "done" as const, parts, tookMs, updated, drill, startedMs };
}

const newest = (revisions: Revision[]) => revisions.at(-1)?.number ?? 0;

function unchanged({ deployment, update }: { deployment: string; update: Update }, revision: number) {
  const still = `Deployment ${deployment} is still at revision ${revision}:`;
  if ("manifests" in update)
    return {
      happened: `${still} the update changes nothing in spec.template, so no pod is replaced.`,
      fix: "Change the pods' template in the new version: its image, environment or command.",
    };
  return {
    happened: `${still} “${updateInWords(deployment, update)}” changes nothing, as it is so already, and no pod is replaced.`,
    fix: "Hand in the version before it, which this changes.",
  };
}

/** Whether the update made a revision of its own, beside those before. */
function judgeHistory(deployment: V1Deployment, update: Update, before: Revision[], after: Revision[]): Part {
  const name = deployment.metadata?.name ?? "";
  const expected = `Deployment ${name} has a new revision, and the one before is kept`;
  if (newest(after) <= newest(before))
    return { expected, problem: unchanged({ deployment: name, update }, newest(before)) };
  // The controller throws away what is over the limit some time after the update, maybe not yet.
  const kept =
    deployment.spec?.revisionHistoryLimit !== 0 && after.some(({ number }) => number === newest(before));
  return {
    expected,
    problem: kept
      ? null
      : {
          happened: `Revision ${newest(before)} of Deployment ${name} is thrown away: spec.revisionHistoryLimit is ${deployment.spec?.revisionHistoryLimit}.`,
          fix: "Remove spec.revisionHistoryLimit, or set it to 1 or more.",
        },
  };
}
