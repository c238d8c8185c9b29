import type { ExerciseSpec } from "#grading/exercises/spec/spec.ts";
import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import type { NewMachine } from "#grading/machines/launcher.ts";
import { type PoolDemand, type PoolEnd, poolReasons } from "#grading/machines/plan-pool.ts";
import type { StartLimits } from "#grading/runs/ports.ts";
import { planFleet } from "#grading/runs/queue/plan-fleet.ts";
import type { Db, Tx } from "#infra/db/connection/client.ts";
import { readQueue } from "../runs/fleet-queue.ts";
import { moveRun } from "../runs/run-store.ts";
import {
  furthestFirst,
  isEnding,
  isIdle,
  lockFleet,
  type OwnMachines,
  ofProfile,
  readPlaces,
} from "./fleet-demand.ts";
import type { MoveContext } from "./fleet-mover.ts";
import { moveMachine } from "./machine-store.ts";

export interface PoolHistory {
  /** What the runs since then asked for; when there were none what the last one asked for; empty before the first. */
  demand: PoolDemand[];
  /** When the newest machine of the pool that got warm or failed has failed; null when it got warm, or there is none. */
  failedAt: Date | null;
}

export async function readPoolHistory(db: Db, since: Date, now: Date): Promise<PoolHistory> {
  const proof = await db.machine.findFirst({
    where: {
      poolNodes: { not: null },
      // A later one is from before the clock was set back, and would be the newest for as long.
      requestedAt: { lte: now },
      OR: [{ warmAt: { not: null } }, { takenAt: null, endCode: { in: ["failed", "lost"] } }],
    },
    orderBy: [{ requestedAt: "desc" }, { id: "desc" }],
    select: { warmAt: true, drainingAt: true },
  });
  return {
    demand: await readPoolDemand(db, since),
    failedAt: proof?.warmAt === null ? proof.drainingAt : null,
  };
}

async function readPoolDemand(db: Db, since: Date): Promise<PoolDemand[]> {
  const recent = await db.run.groupBy({
    by: ["exerciseVersionId"],
    where: { queuedAt: { gte: since }, ...ofProfile("kubernetes") },
    _count: true,
  });
  const asked = recent.map(({ exerciseVersionId, _count: runs }) => ({ exerciseVersionId, runs }));
  if (asked.length === 0) {
    const last = await db.run.findFirst({
      where: ofProfile("kubernetes"),
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
    const { kubernetes, timeoutSeconds } = stored.value;
    const runs = asked.find(({ exerciseVersionId }) => exerciseVersionId === id)?.runs ?? 0;
    return [{ nodes: kubernetes.nodes, timeoutSeconds, runs }];
  });
}

export interface PoolLimits extends StartLimits {
  fleetMax: number;
  /** Machines of the pool at once. */
  size: number;
}

/**
 * Writes the row of one more machine of the pool; false when the pool is full meanwhile, or the fleet without it has
 * no room but for the queued runs that may start now.
 */
export async function requestIdle(
  context: MoveContext,
  own: OwnMachines,
  machine: NewMachine & { poolNodes: number },
  limits: PoolLimits,
): Promise<boolean> {
  const { tx, now } = context;
  await lockFleet(tx);
  const { fleetMax, size } = limits;
  const places = await readPlaces(tx, own, now);
  if (places.idle >= size) return false;
  const { start } = planFleet({ fleetMax, ...places, ...(await readQueue(tx, own.provider, limits, now)) });
  if (places.live + places.claimed + start.length >= fleetMax) return false;
  await tx.machine.create({ data: { ...machine, requestedAt: context.now } });
  return true;
}

/** Ends a machine of the pool unless a run has it by now. */
export async function retireIdle(context: MoveContext, machineId: string, code: PoolEnd): Promise<boolean> {
  await lockFleet(context.tx);
  const found = await context.tx.machine.findFirst({ where: { ...isIdle, id: machineId } });
  if (found === null) return false;
  const move = await moveMachine(context, machineId, { type: "drain", code, reason: poolReasons[code] });
  return move.outcome === "moved";
}

/** The machine of the pool that is furthest, with the nodes that the exercise asks for and a lease that reaches. */
export async function findIdle(
  tx: Tx,
  wanted: { provider: string; spec: ExerciseSpec; leaseUntil: Date },
): Promise<{ id: string } | null> {
  const { provider, spec, leaseUntil } = wanted;
  if (spec.profile !== "kubernetes") return null;
  return tx.machine.findFirst({
    where: { ...isIdle, provider, poolNodes: spec.kubernetes.nodes, leaseUntil: { gte: leaseUntil } },
    orderBy: furthestFirst,
    select: { id: true },
  });
}

/** Makes it the claimed run's. The fleet's lock must have been held since it was found. */
export async function takeIdle(
  context: MoveContext,
  idle: { id: string },
  run: { runId: string; attempt: number },
  leaseUntil: Date,
): Promise<void> {
  const owner = { runId: run.runId, runAttempt: run.attempt };
  const taken = await moveMachine(context, idle.id, { type: "taken", leaseUntil }, owner);
  const provisioned = await moveRun(context, run.runId, { type: "provision", attempt: run.attempt });
  // Back to before the claim: the run is still queued then.
  if (taken.outcome !== "moved" || provisioned.outcome !== "moved") {
    throw new Error(`Run ${run.runId} could not take the machine ${idle.id}.`);
  }
}

/** One of the pool gives way for a run that needs a machine of its own, unless a place is becoming free already. */
export async function makeRoom(context: MoveContext, { provider, timings }: OwnMachines): Promise<void> {
  const { tx, now } = context;
  const ending = await tx.machine.count({ where: { provider, ...isEnding(timings, now) } });
  if (ending > 0) return;
  const last = await tx.machine.findFirst({
    where: { ...isIdle, provider },
    orderBy: [{ warmAt: { sort: "desc", nulls: "first" } }, { requestedAt: "desc" }],
    select: { id: true },
  });
  if (last === null) return;
  const code = "made_room";
  await moveMachine(context, last.id, { type: "drain", code, reason: poolReasons[code] });
}
