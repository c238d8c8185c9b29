import { endingStates, workingStates } from "#grading/clusters/cluster-state.ts";
import type { FleetDemand, FleetPlaces } from "#grading/clusters/plan-fleet.ts";
import type { MachineProfile } from "#grading/clusters/provider.ts";
import type { FleetTimings } from "#grading/clusters/timings.ts";
import type { Tx } from "#infra/db/client.ts";
import type { Prisma } from "#infra/db/generated/client.ts";
import { type OpenRun, readOpenRuns } from "./open-runs.ts";

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

/** The places of the fleet that are taken. */
export async function readPlaces(tx: Tx, own: OwnMachines, now: Date): Promise<FleetPlaces> {
  // Each count sees its own instant, and a claimed run gets its cluster without the fleet's lock: counted before
  // clusters, it takes two places for a moment; after them it could take none, and the fleet would be over its limit.
  const claimed = await tx.run.count({ where: { state: "claimed" } });
  const live = await tx.cluster.count({ where: takesPlace(own, now) });
  const idle = await tx.cluster.count({ where: { ...isIdle, provider: own.provider } });
  return { live, idle, claimed };
}

/** The queued runs that a machine of these profiles grades, in any order, and whose runs are under way. */
export async function readQueue(
  tx: Tx,
  profiles: MachineProfile["name"][],
): Promise<Pick<FleetDemand, "waiting" | "underWay">> {
  const rows = await readOpenRuns(tx);
  const able = (row: OpenRun) => (profiles as string[]).includes(row.profile);
  return {
    waiting: rows.filter((row) => row.state === "queued" && able(row)),
    underWay: rows.filter((row) => row.state !== "queued" && row.state !== "scoring"),
  };
}

/** Runs whose exercise, in the version that they are graded by, has this profile. */
export function ofProfile(profile: MachineProfile["name"]): Prisma.RunWhereInput {
  return { exerciseVersion: { spec: { path: ["profile"], equals: profile } } };
}
