import { endingStates, workingStates } from "#grading/clusters/cluster-state.ts";
import type { FleetDemand } from "#grading/clusters/plan-fleet.ts";
import type { MachineProfile } from "#grading/clusters/provider.ts";
import type { FleetTimings } from "#grading/clusters/timings.ts";
import type { Tx } from "#infra/db/client.ts";
import type { Prisma } from "#infra/db/generated/client.ts";

/** Two claims at once would both see the last place free; the lock makes them look one after the other. */
export async function lockFleet(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('fleet', 0))`;
}

/** The machines that a worker answers for: what another provider made is left to a worker that has it. */
export interface OwnMachines {
  provider: string;
  timings: Pick<FleetTimings, "drainPatienceMs">;
}

/** Everything that takes a place in the fleet: a machine counts until it is gone, or could not be ended for long. */
export function takesPlace({ provider, timings }: OwnMachines, now: Date): Prisma.ClusterWhereInput {
  return { provider, OR: [{ state: { in: [...workingStates] } }, isEnding(timings, now)] };
}

/** A machine whose place is becoming free. */
export function isEnding(timings: OwnMachines["timings"], now: Date) {
  const since = new Date(now.getTime() - timings.drainPatienceMs);
  return { state: { in: [...endingStates] }, drainingAt: { gt: since } } satisfies Prisma.ClusterWhereInput;
}

/** Clusters of the pool that no run has yet and that may still get one. */
export const isIdle = {
  poolNodes: { not: null },
  runId: null,
  state: { in: [...workingStates] },
} satisfies Prisma.ClusterWhereInput;

/** Oldest first; at most `limit` queued runs are named, and only those that a machine of these profiles grades. */
export async function readDemand(
  tx: Tx,
  own: OwnMachines,
  now: Date,
  { limit, profiles }: { limit: number; profiles: MachineProfile["name"][] },
): Promise<Omit<FleetDemand, "fleetMax">> {
  const live = await tx.cluster.count({ where: takesPlace(own, now) });
  const idle = await tx.cluster.count({ where: { ...isIdle, provider: own.provider } });
  const claimed = await tx.run.count({ where: { state: "claimed" } });
  const queued = await tx.run.findMany({
    where: { state: "queued", OR: profiles.map(ofProfile) },
    orderBy: [{ queuedAt: "asc" }, { id: "asc" }],
    take: limit,
    select: { id: true },
  });
  return { live, idle, claimed, queued: queued.map((run) => run.id) };
}

/** Runs whose exercise, in the version that they are graded by, has this profile. */
export function ofProfile(profile: MachineProfile["name"]): Prisma.RunWhereInput {
  return { exerciseVersion: { spec: { path: ["profile"], equals: profile } } };
}
