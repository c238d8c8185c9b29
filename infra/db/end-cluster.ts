import { workingStates } from "#grading/clusters/cluster-state.ts";
import type { ClusterSight } from "#grading/clusters/compare-fleet.ts";
import type { ClockJump } from "#grading/clusters/hearing.ts";
import { moveCluster } from "./cluster-store.ts";
import { lockFleet } from "./fleet-demand.ts";
import type { MoveContext } from "./fleet-mover.ts";
import { lockRun, moveRun } from "./run-store.ts";

export interface EndClusterInput {
  clusterId: string;
  /** lost: the provider does not know the machine any more. */
  how: "drain" | "lost";
  /** One sentence for student and staff. */
  reason: string;
  /** Nobody's fault: the run goes back to the queue uncharged. */
  excused?: boolean;
  /**
   * Looks again at the cluster as it is under its lock: what was seen before may be over. False leaves it alone.
   * Without it the cluster is ended whatever has become of it.
   */
  onlyIf?: (cluster: ClusterSight) => boolean;
}

/**
 * Ends a cluster; its run, when it is still this cluster's, goes back to the queue. Shared with the agent service,
 * which ends clusters inside its own transactions.
 */
export async function endCluster(context: MoveContext, input: EndClusterInput): Promise<{ moved: boolean }> {
  const { clusterId, how, reason, excused = false, onlyIf } = input;
  const owner = await lockOwner(context, clusterId);
  if (owner.outcome === "missing") return { moved: false };
  if (onlyIf !== undefined && !onlyIf(await lockCluster(context, clusterId))) return { moved: false };
  const event =
    how === "lost" ? ({ type: how, reason } as const) : ({ type: how, code: "failed", reason } as const);
  const move = await moveCluster(context, clusterId, event);
  if (move.outcome !== "moved") return { moved: false };
  if (owner.run !== null) {
    const { runId, attempt } = owner.run;
    await moveRun(context, runId, { type: "platform-fault", attempt, reason, excused });
  }
  return { moved: true };
}

/**
 * The run that a cluster works for, locked: always the run's lock before the cluster's row, or two transactions could
 * wait for each other. A machine of the pool that no run has may be taken at any moment by whoever holds the fleet's
 * lock, so that one is held from the look on; a cluster that has a run keeps it.
 */
async function lockOwner(context: MoveContext, clusterId: string) {
  const { tx } = context;
  const look = () =>
    tx.cluster.findUnique({ where: { id: clusterId }, select: { runId: true, runAttempt: true } });
  let cluster = await look();
  if (cluster?.runId === null) {
    await lockFleet(tx);
    cluster = await look();
  }
  if (cluster === null) return { outcome: "missing" } as const;
  const { runId, runAttempt } = cluster;
  if (runId === null || runAttempt === null) return { outcome: "locked", run: null } as const;
  await lockRun(tx, runId);
  return { outcome: "locked", run: { runId, attempt: runAttempt } } as const;
}

async function lockCluster({ tx }: MoveContext, clusterId: string): Promise<ClusterSight> {
  await tx.$queryRaw`SELECT id FROM cluster WHERE id = ${clusterId} FOR UPDATE`;
  return tx.cluster.findUniqueOrThrow({ where: { id: clusterId } });
}

/**
 * Puts a run back into the queue that no machine works for, which is looked at again under its lock: machines are
 * requested and taken under it.
 */
export async function takeBack(
  context: MoveContext,
  run: { runId: string; attempt: number },
  why: { reason: string; excused: boolean },
): Promise<{ moved: boolean }> {
  const { runId, attempt } = run;
  await lockRun(context.tx, runId);
  const working = await context.tx.cluster.count({
    where: { runId, runAttempt: attempt, state: { in: [...workingStates] } },
  });
  if (working > 0) return { moved: false };
  const move = await moveRun(context, runId, { type: "platform-fault", attempt, ...why });
  return { moved: move.outcome === "moved" };
}

/**
 * Either all of them move or none does, and under the fleet's lock, so that a jump is settled once: a row keeps what the
 * clock showed after the last jump that it moved along with, and another worker that saw the same one leaves it alone.
 */
export async function moveLeases(context: MoveContext, provider: string, jump: ClockJump): Promise<void> {
  await lockFleet(context.tx);
  const before = await context.tx.cluster.findMany({
    where: {
      provider,
      state: { in: [...workingStates] },
      requestedAt: { lt: jump.at },
      OR: [{ jumpedAt: null }, { jumpedAt: { lte: jump.from } }],
    },
    orderBy: { id: "asc" },
    select: { id: true },
  });
  const { byMs, until: jumpedAt } = jump;
  for (const { id } of before) await moveCluster(context, id, { type: "clock-jumped", byMs }, { jumpedAt });
}
