import { setTimeout as wait } from "node:timers/promises";
import type { Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext, CheckVerdict } from "../../kit/define-check.ts";
import type { Trouble } from "../kit/api/trouble.ts";
import { desiredOf, isServing, readyPods } from "../kit/drills/count-replicas.ts";
import { judgeReached } from "../kit/drills/judge-reached.ts";
import { lostInWords } from "../kit/drills/load/lost-in-words.ts";
import type { LoadTotals } from "../kit/drills/load/steady-load.ts";
import { judgeLost } from "../kit/drills/lost/judge-lost.ts";
import { type DrillScene, runDrill } from "../kit/drills/prepare-drill.ts";
import { withTimeline } from "../kit/drills/with-timeline.ts";
import { explainWorkload } from "../kit/pods/explain-workload.ts";
import { defineClusterCheck, drillShows } from "../kit/shown/define-cluster-check.ts";
import { wrongExercise } from "../kit/wrong-exercise.ts";
import { doHarm } from "./do-harm.ts";
import { type harms, kubernetesSelfHeal, type Settings } from "./settings.ts";

const names: Record<(typeof harms)[number], string> = {
  "delete-pod": "When a pod is deleted",
  "kill-process": "When a container's process is killed",
  "stop-node": "When a node stops",
  "hang-node": "When a node hangs",
};

export const healItself = defineClusterCheck(
  kubernetesSelfHeal,
  async (context, settings): Promise<CheckVerdict> => {
    const cluster = context.kubernetes();
    const namespace = settings.namespace ?? cluster.namespaces[0];
    const expected = `Deployment ${settings.deployment} serves, and heals by itself.`;
    if (
      cluster.nodes.length < 2 &&
      settings.drills.some(({ do: harm }) => harm === "stop-node" || harm === "hang-node")
    )
      return wrongExercise(expected, "A node is to be lost, and the cluster has one only.");
    const ran = await runDrill(context, { ...settings, namespace }, (scene) =>
      healAll(context, scene, settings),
    );
    if (ran.outcome === "not-begun") return { verdict: "failed", message: { expected, ...ran.problem } };
    const { result, timeline, load } = ran.run;
    context.staff(lostInWords(load));
    return withTimeline(
      judgeReached(result.parts, result.skipped, settings.partial, context.maxPoints, result.told.join(" ")),
      timeline,
    );
  },
  drillShows,
);

async function healAll(context: CheckContext, scene: DrillScene, settings: Settings) {
  const parts: Part[] = [];
  const told: string[] = [];
  for (const each of settings.drills) {
    const healed = await heal(context, scene, each);
    parts.push(...healed.parts);
    told.push(healed.told);
    if (!healed.goesOn) break;
  }
  // Each drill has two parts: it heals, and few requests are lost.
  return { parts, told, skipped: 2 * settings.drills.length - parts.length };
}

async function heal(
  context: CheckContext,
  { drill, plan, deployment, load }: DrillScene,
  each: Settings["drills"][number],
): Promise<{ parts: Part[]; told: string; goesOn: boolean }> {
  const { what, within } = { what: names[each.do], within: each.recoverySeconds };
  const before = load?.totals();
  const startedMs = drill.atMs();
  const harm = await doHarm(context, drill, each.do);
  let healed: { seconds: string; trouble: Trouble | null };
  let counted: LoadTotals | null;
  try {
    const done = await drill.until((state) => harm.isDone() && isServing(state), within);
    const seconds = ((drill.atMs() - startedMs) / 1000).toFixed(1);
    if (done) drill.reached(`All replicas are ready again, after ${seconds} s.`);
    const { namespace, deployment: name } = plan;
    healed = {
      seconds,
      trouble: done ? null : await explainWorkload(context, "Deployment", namespace, name),
    };
    // By then each request that was sent until now has its answer, or has none.
    await wait(plan.traffic.timeoutSeconds * 1000, undefined, { signal: context.signal });
    counted = before && load ? sinceThen(load.totals(), before) : null;
  } finally {
    await harm.mend();
  }
  const { seconds, trouble } = healed;
  const parts: Part[] = [
    {
      expected: `${what}, all replicas are ready again within ${within} s`,
      problem: trouble && {
        happened: `${within} s later ${readyPods(drill.now().pods).length} of ${desiredOf(drill.now())} replicas were ready. ${trouble.happened}`,
        // The same probe passed before, so it is not wrong in itself.
        fix:
          trouble.cause === "probe"
            ? `Before, the pods did pass this probe. Let the program start faster, also when it is started again: it must pass the probe well within ${within} s.`
            : trouble.fix,
      },
    },
  ];
  if (counted)
    parts.push(
      judgeLost({
        when: what,
        allowed: each.allowFailed,
        load: counted,
        deployment,
        drill,
        sinceMs: startedMs,
        abrupt: true,
      }),
    );
  const goesOn = trouble === null && (await drill.until(isServing, plan.readySeconds)) !== null;
  const lost = counted ? `, ${counted.failed} of ${counted.sent} requests lost` : "";
  return { parts, goesOn, told: `${what}: ready again after ${seconds} s${lost}.` };
}

const sinceThen = (after: LoadTotals, before: LoadTotals): LoadTotals => ({
  sent: after.sent - before.sent,
  answered: after.answered - before.answered,
  failed: after.failed - before.failed,
  failures: after.failures.slice(before.failures.length),
});
