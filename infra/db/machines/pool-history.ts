import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import type { MachineKind } from "#grading/machines/machine-kind.ts";
import type { PoolDemand } from "#grading/machines/plan-pool.ts";
import { failedAt, newestProofs } from "#grading/machines/pool/failed-at.ts";
import type { Market } from "#grading/machines/provider.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { ofMachineKind } from "./fleet-places.ts";

export interface PoolHistory {
  /** What the runs of its kind since then asked for; when there were none what the last one asked for; empty before the first. */
  demand: PoolDemand[];
  /** See failedAt. */
  failedAt: Date | null;
}

/** Of the pool's machines of one kind. */
export async function readPoolHistory(
  db: Db,
  machineKind: MachineKind,
  since: Date,
  now: Date,
): Promise<PoolHistory> {
  const proofs = await db.machine.findMany({
    where: {
      machineKind,
      poolNodes: { not: null },
      // A later one is from before the clock was set back, and would be the newest for as long.
      requestedAt: { lte: now },
      OR: [{ warmAt: { not: null } }, { takenAt: null, endCode: { in: ["failed", "lost"] } }],
    },
    orderBy: [{ requestedAt: "desc" }, { id: "desc" }],
    take: newestProofs,
    select: { warmAt: true, drainingAt: true, market: true },
  });
  return {
    demand: await readPoolDemand(db, machineKind, since),
    failedAt: failedAt(proofs.map(({ market, ...proof }) => ({ ...proof, market: market as Market | null }))),
  };
}

async function readPoolDemand(db: Db, machineKind: MachineKind, since: Date): Promise<PoolDemand[]> {
  const recent = await db.run.groupBy({
    by: ["exerciseVersionId"],
    where: { queuedAt: { gte: since }, ...ofMachineKind(machineKind) },
    _count: true,
  });
  const asked = recent.map(({ exerciseVersionId, _count: runs }) => ({ exerciseVersionId, runs }));
  if (asked.length === 0) {
    const last = await db.run.findFirst({
      where: ofMachineKind(machineKind),
      orderBy: [{ queuedAt: "desc" }, { id: "desc" }],
      select: { exerciseVersionId: true },
    });
    if (last !== null) asked.push({ ...last, runs: 1 });
  }
  const versions = await db.exerciseVersion.findMany({
    where: { id: { in: asked.map(({ exerciseVersionId }) => exerciseVersionId) } },
    select: { id: true, spec: true },
  });
  return versions.flatMap(({ id, spec }) => {
    const stored = storedSpec.read(spec);
    // Its runs end without a machine.
    if (stored.outcome === "unreadable") return [];
    const { facilities, timeoutSeconds } = stored.value;
    const runs = asked.find(({ exerciseVersionId }) => exerciseVersionId === id)?.runs ?? 0;
    return [{ nodes: facilities.kubernetes?.nodes ?? 0, timeoutSeconds, runs }];
  });
}
