import type { V1Deployment } from "@kubernetes/client-node";
import type { Part } from "../../kit/credit/share-credit.ts";
import {
  type CountOrPercent,
  judgeReplicas,
  type ReplicaCount,
  rollingBounds,
} from "../kit/drills/judge-surge.ts";

const strategyOf = (deployment: V1Deployment) => deployment.spec?.strategy?.rollingUpdate;

/** Whether the Deployment's strategy keeps within what the exercise allows. */
export function judgeStrategy(
  deployment: V1Deployment,
  allowed: { maxSurge?: CountOrPercent | undefined; maxUnavailable?: CountOrPercent | undefined },
): Part[] {
  const what = `Deployment ${deployment.metadata?.name}`;
  const replicas = deployment.spec?.replicas ?? 1;
  if (deployment.spec?.strategy?.type === "Recreate")
    return [
      {
        expected: `${what} has the strategy RollingUpdate`,
        problem: {
          happened: `Its strategy is Recreate: all old pods end before a new one starts.`,
          fix: "Remove strategy.type: Recreate.",
        },
      },
    ];
  const stated = strategyOf(deployment);
  const own = rollingBounds(stated?.maxSurge, stated?.maxUnavailable, replicas);
  const parts: Part[] = [];
  for (const [field, key] of [
    ["maxSurge", "surge"],
    ["maxUnavailable", "unavailable"],
  ] as const) {
    const most = allowed[field];
    if (most === undefined) continue;
    const bounds = field === "maxSurge" ? ([most, "100%"] as const) : (["100%", most] as const);
    const mayBe = rollingBounds(bounds[0], bounds[1], replicas)[key];
    parts.push({
      expected: `The strategy of ${what} states ${field} ${most} or less`,
      problem:
        own[key] <= mayBe
          ? null
          : {
              happened: `It states ${stated?.[field] ?? "nothing, which is 25%"}: ${own[key]} of ${replicas} replicas.`,
              fix: `Set strategy.rollingUpdate.${field}: ${most} in ${what}.`,
            },
    });
  }
  return parts;
}

/** Whether what was seen kept to what the Deployment's own strategy states. */
export function judgeWatched(deployment: V1Deployment, counts: readonly ReplicaCount[]): Part[] {
  if (deployment.spec?.strategy?.type === "Recreate" || counts.length === 0) return [];
  const what = `Deployment ${deployment.metadata?.name}`;
  const stated = strategyOf(deployment);
  const replicas = deployment.spec?.replicas ?? 1;
  const bounds = rollingBounds(stated?.maxSurge, stated?.maxUnavailable, replicas);
  const { tooMany, tooFew } = judgeReplicas(counts, bounds);
  const at = (count: ReplicaCount) => `${(count.atMs / 1000).toFixed(1)} s into the drill`;
  return [
    {
      expected: `${what} never has more than ${bounds.surge} ${bounds.surge === 1 ? "pod" : "pods"} beyond its replicas`,
      problem: tooMany && {
        happened: `${at(tooMany)} there were ${tooMany.live} pods for ${tooMany.desired} replicas.`,
        fix: `Let no other workload have pods with the labels that ${what} selects.`,
      },
    },
    {
      expected: `${what} never misses more than ${bounds.unavailable} of its replicas`,
      problem: tooFew && {
        happened: `${at(tooFew)} only ${tooFew.ready} of ${tooFew.desired} replicas were ready.`,
        fix: `Let the pods of ${what} stay ready until they are told to end: look at their probes and restarts.`,
      },
    },
  ];
}
