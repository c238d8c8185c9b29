import type { Caps } from "#course/cost/budget.ts";
import type { MachineKind } from "#grading/machines/machine-kind.ts";
import { endingStates, workingStates } from "#grading/machines/machine-state.ts";
import type { IdleMachine } from "#grading/machines/plan-pool.ts";
import type { FleetTimings } from "#grading/machines/timings.ts";
import type { FleetPlaces } from "#grading/runs/queue/plan-fleet.ts";
import type { Tx } from "#infra/db/connection/client.ts";
import type { Prisma } from "#infra/db/generated/client.ts";

/** Two claims at once would both see the last place free; the lock makes them look one after the other. */
export async function lockFleet(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('fleet', 0))`;
}

/** The machines that a worker answers for: what another provider made is left to a worker that has it. */
export interface OwnMachines {
  provider: string;
  timings: Pick<FleetTimings, "drainPatienceMs">;
  /** What may be spent; without it as much as comes. */
  caps?: Caps;
}

/** A machine whose place is becoming free. */
export function isEnding(timings: OwnMachines["timings"], now: Date) {
  return {
    state: { in: [...endingStates] },
    drainingAt: { gt: endingSince(timings, now) },
  } satisfies Prisma.MachineWhereInput;
}

export const endingSince = (timings: OwnMachines["timings"], now: Date) =>
  new Date(now.getTime() - timings.drainPatienceMs);

/** Machines of the pool that no run has yet and that may still get one. */
const isIdle = {
  poolNodes: { not: null },
  runId: null,
  state: { in: [...workingStates] },
} satisfies Prisma.MachineWhereInput;

/**
 * The places of the fleet that are taken: a machine counts until it is gone, or could not be ended for long. One
 * statement sees one instant: a run that gets its machine meanwhile, without the fleet's lock, takes just one place.
 */
export async function readPlaces(tx: Tx, own: OwnMachines, now: Date): Promise<FleetPlaces> {
  const since = endingSince(own.timings, now);
  const [row] = await tx.$queryRaw<FleetPlaces[]>`
    WITH own AS (
      SELECT * FROM machine
      WHERE provider = ${own.provider} AND state = ANY(${[...workingStates, ...endingStates]}::"MachineState"[])
    ), working AS (
      SELECT * FROM own WHERE state = ANY(${workingStates}::"MachineState"[])
    )
    SELECT
      (SELECT count(*) FROM run WHERE state = 'claimed')::int AS claimed,
      ((SELECT count(*) FROM working) + (
        SELECT count(*) FROM own WHERE state = ANY(${endingStates}::"MachineState"[]) AND draining_at > ${since}
      ))::int AS live,
      (SELECT count(*) FROM working WHERE pool_nodes IS NOT NULL AND run_id IS NULL)::int AS idle`;
  if (row === undefined) throw new Error("The places of the fleet were not counted.");
  return row;
}

/** Runs whose exercise, in the version that they are graded by, wants such a machine. */
export function ofMachineKind(machineKind: MachineKind): Prisma.RunWhereInput {
  return { exerciseVersion: { machineKind } };
}

/** The machine of the pool that is furthest is taken first. */
const furthestFirst = [
  { warmAt: { sort: "asc", nulls: "last" } },
  { requestedAt: "asc" },
  { id: "asc" },
] satisfies Prisma.MachineOrderByWithRelationInput[];

/** Everything of the pool that waits, in the order in which it is taken. */
export async function readIdle(tx: Tx, provider: string): Promise<(IdleMachine & { usdPerHour: number })[]> {
  const rows = await tx.machine.findMany({
    where: { ...isIdle, provider },
    orderBy: furthestFirst,
    select: { id: true, machineKind: true, poolNodes: true, leaseUntil: true, usdPerHour: true },
  });
  return rows.flatMap(({ poolNodes, usdPerHour, ...row }) =>
    poolNodes === null ? [] : [{ ...row, nodes: poolNodes, usdPerHour: Number(usdPerHour) }],
  );
}
