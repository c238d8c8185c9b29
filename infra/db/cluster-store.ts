import { costOf, perSecond, perSecondAfterMinute } from "#course/cost/cost-of.ts";
import type {
  ClusterEffect,
  ClusterEvent,
  ClusterStatus,
  ClusterTransition,
} from "#grading/clusters/cluster-state.ts";
import { transitionCluster } from "#grading/clusters/transition-cluster.ts";
import type { Cluster } from "#infra/db/generated/client.ts";
import type { MoveContext } from "./fleet-mover.ts";

export type ClusterMove = ClusterTransition | { outcome: "missing" };

/**
 * Columns that may be set in the same update as a transition: the two secrets of the agent, the run that takes it, and
 * what tells one jump of the clock from the next.
 */
type Others = Partial<Pick<Cluster, "tokenHash" | "sessionHash" | "runId" | "runAttempt" | "jumpedAt">>;

/**
 * Applies one event to a cluster: lock, read, decide, compare-and-set on the state, effects. The only code that writes
 * the columns of ClusterStatus. The row is locked before it is read, so that whoever comes second decides by what the
 * first has made of it.
 */
export async function moveCluster(
  context: MoveContext,
  clusterId: string,
  event: ClusterEvent,
  others: Others = {},
): Promise<ClusterMove> {
  const { tx, now } = context;
  const [row] = await tx.$queryRaw<
    { id: string }[]
  >`SELECT id FROM cluster WHERE id = ${clusterId} FOR UPDATE`;
  if (row === undefined) return { outcome: "missing" };
  const cluster = await tx.cluster.findUniqueOrThrow({ where: { id: clusterId } });
  const move = transitionCluster(statusOf(cluster), event, now);
  if (move.outcome !== "moved") return move;
  const { count } = await tx.cluster.updateMany({
    where: { id: clusterId, state: cluster.state },
    data: { ...move.state, ...others },
  });
  if (count !== 1) throw new Error(`Cluster ${clusterId} changed although its row was locked.`);
  for (const effect of move.effects) await carryOut(context, cluster, effect);
  return move;
}

function statusOf(row: Cluster): ClusterStatus {
  return {
    state: row.state,
    machineId: row.machineId,
    requestedAt: row.requestedAt,
    leaseUntil: row.leaseUntil,
    bootingAt: row.bootingAt,
    readyAt: row.readyAt,
    warmAt: row.warmAt,
    takenAt: row.takenAt,
    assignedAt: row.assignedAt,
    drainingAt: row.drainingAt,
    terminatedAt: row.terminatedAt,
    endReason: row.endReason,
    endCode: row.endCode,
  };
}

async function carryOut(context: MoveContext, cluster: Cluster, effect: ClusterEffect): Promise<void> {
  switch (effect.type) {
    case "terminate-machine":
      context.after.add("draining");
      return;
    case "book-cost":
      await context.tx.cluster.update({
        where: { id: cluster.id },
        data: {
          costUsd: costOf(Number(cluster.usdPerHour), effect.seconds, billing(cluster)),
          // Down to whole seconds, so that the part is never more than the whole.
          poolCostUsd: costOf(Number(cluster.usdPerHour), Math.floor(effect.poolSeconds), perSecond),
          tokenHash: null,
        },
      });
      context.after.add("queued");
  }
}

function billing(cluster: Cluster) {
  return cluster.provider === "ec2" ? perSecondAfterMinute : perSecond;
}
