import { judgeParts, type Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext, CheckVerdict } from "../../kit/define-check.ts";
import { createVersionCount } from "../kit/drills/await-version.ts";
import { isServing } from "../kit/drills/count-replicas.ts";
import { judgeLost } from "../kit/drills/lost/judge-lost.ts";
import { type DrillScene, runDrill } from "../kit/drills/prepare-drill.ts";
import { patchDeployment, revisionsOf, templateOf } from "../kit/drills/revisions.ts";
import { withTimeline } from "../kit/drills/with-timeline.ts";
import { explainWorkload } from "../kit/pods/explain-workload.ts";
import { defineClusterCheck, drillShows } from "../kit/shown/define-cluster-check.ts";
import { kubernetesRollback, type Settings } from "./settings.ts";

export const rollBack = defineClusterCheck(
  kubernetesRollback,
  async (context, settings): Promise<CheckVerdict> => {
    const namespace = settings.namespace ?? context.kubernetes().namespaces[0];
    const expected = `Deployment ${settings.deployment} goes back to the revision before.`;
    const version = createVersionCount(settings.oldAnswer);
    const ran = await runDrill(
      context,
      { ...settings, namespace, anyState: true },
      (scene) => goBack(context, scene, settings, version),
      version.onAnswer,
    );
    if (ran.outcome === "not-begun") return { verdict: "failed", message: { expected, ...ran.problem } };
    const { result, load, timeline } = ran.run;
    if (result.outcome === "stopped")
      return { verdict: "failed", message: { expected, ...result.problem }, timeline };
    const lost = judgeLost({
      when: "While going back",
      allowed: settings.allowFailed,
      load,
      deployment: result.deployment,
      drill: result.drill,
      sinceMs: result.startedMs,
      replaces: true,
    });
    const passed = `Revision ${result.revision} was back on all replicas after ${(result.tookMs / 1000).toFixed(1)} s; ${load.failed} of ${load.sent} requests were lost.`;
    return withTimeline(
      judgeParts([lost, ...result.parts], settings.partial, context.maxPoints, passed),
      timeline,
    );
  },
  drillShows,
);

async function goBack(
  context: CheckContext,
  { drill, plan, deployment }: DrillScene,
  settings: Settings,
  version: ReturnType<typeof createVersionCount>,
) {
  const name = settings.deployment;
  const revisions = await revisionsOf(context, deployment);
  const [earlier, current] = revisions.slice(-2);
  const keepsNone = deployment.spec?.revisionHistoryLimit === 0;
  // It may still be there for a moment: whether it is must not depend on how fast this asks.
  if (!earlier || !current || keepsNone)
    return {
      outcome: "stopped" as const,
      problem: {
        happened: keepsNone
          ? `Deployment ${name} keeps no earlier revision: revisionHistoryLimit is 0.`
          : `Deployment ${name} has one revision only, so there is nothing to go back to: no new version was rolled out.`,
        fix: "Let a new version roll out first, and keep revisionHistoryLimit at 1 or more.",
      },
    };
  drill.action(`Undo revision ${current.number}: go back to revision ${earlier.number}`);
  const startedMs = drill.atMs();
  const patched = await patchDeployment(
    context,
    { namespace: plan.namespace, name },
    "application/json-patch+json",
    [{ op: "replace", path: "/spec/template", value: templateOf(earlier) }],
  );
  const generation = patched.metadata?.generation ?? 0;
  const done = await drill.until(
    (state) => (state.deployment?.metadata?.generation ?? 0) >= generation && isServing(state),
    settings.readySeconds,
  );
  if (!done) {
    const trouble = await explainWorkload(context, "Deployment", plan.namespace, name);
    return {
      outcome: "stopped" as const,
      problem: {
        happened: `Revision ${earlier.number} was not back on all replicas within ${settings.readySeconds} s. ${trouble.happened}`,
        fix: trouble.fix,
      },
    };
  }
  const tookMs = drill.atMs() - startedMs;
  drill.reached(
    `All replicas are of revision ${earlier.number} again, after ${(tookMs / 1000).toFixed(1)} s.`,
  );
  const answered = await version.judge("earlier version", context.signal);
  const parts: Part[] = answered ? [answered] : [];
  return { outcome: "done" as const, parts, tookMs, deployment, revision: earlier.number, drill, startedMs };
}
