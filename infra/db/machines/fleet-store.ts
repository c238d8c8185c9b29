import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import { type EndMachineInput, endMachine } from "#grading/machines/ending/end-machine.ts";
import { moveLeases } from "#grading/machines/ending/move-leases.ts";
import { takeBack } from "#grading/machines/ending/take-back.ts";
import type { ClockJump } from "#grading/machines/hearing.ts";
import { launchesFail, type NewMachine } from "#grading/machines/launcher.ts";
import type { PoolEnd } from "#grading/machines/plan-pool.ts";
import type { SettleNotice } from "#grading/notices/staff-notice.ts";
import { exerciseUnreadable } from "#grading/runs/exercise-unreadable.ts";
import type { ClaimLimits, ClaimOutcome, StartStore } from "#grading/runs/ports.ts";
import { planFleet, roomFor } from "#grading/runs/queue/plan-fleet.ts";
import { finishScoring } from "#grading/runs/results/finish-scoring.ts";
import type { WaitCode } from "#grading/runs/run-state.ts";
import { settleNotice, tellStaff } from "../notices/notice-store.ts";
import { readQueue } from "../runs/fleet-queue.ts";
import { resultTransaction } from "../runs/result-transaction.ts";
import { lockRun, moveRun } from "../runs/run-store.ts";
import { endTransaction } from "./end-transaction.ts";
import { lockFleet, type OwnMachines, readPlaces } from "./fleet-demand.ts";
import type { MoveContext, Mover } from "./fleet-mover.ts";
import { findIdle, makeRoom, type PoolLimits, requestIdle, retireIdle, takeIdle } from "./machine-pool.ts";
import { moveMachine } from "./machine-store.ts";

/** The database side of the fleet: what starting runs needs, and the ways a machine ends. */
export interface FleetStore extends StartStore {
  settleNotice: SettleNotice;
  /** Ends a machine when it still is as it was seen; its run, when it is still this machine's, goes back to the queue. */
  endMachine(input: EndMachineInput): Promise<{ moved: boolean }>;
  /** See requestIdle. */
  requestIdle(machine: NewMachine & { poolNodes: number }, limits: PoolLimits): Promise<boolean>;
  /**
   * Closes the row of a machine of the pool that the provider did not launch. A run that took it meanwhile is queued
   * again uncharged, as if the launch had been its own.
   */
  giveUpIdle(machineId: string, reason: string): Promise<void>;
  /** Ends a machine of the pool unless a run has it by now. */
  retireIdle(machineId: string, code: PoolEnd): Promise<boolean>;
  /** Nothing of the machine is left: the row is closed and the cost written. */
  closeMachine(machineId: string): Promise<void>;
  /** Says of a queued run why it waits; null: for what the code names it waits no more. */
  tellWaiting(run: { runId: string; attempt: number }, code: WaitCode, reason: string | null): Promise<void>;
  /** Moves the leases of this provider's machines that were requested before the clock jumped ahead along with it. */
  moveLeases(jump: ClockJump): Promise<void>;
  /** A run whose attempt has no machine any more. */
  takeBack(
    run: { runId: string; attempt: number },
    why: { reason: string; excused: boolean },
  ): Promise<{ moved: boolean }>;
  /** Scores a run whose results are stored; a run in another state is left alone. */
  finishScoring(runId: string): Promise<void>;
  /** Ends a queued run whose exercise cannot be read; says why, or null when it can be, or the run is not queued. */
  endUnreadable(runId: string): Promise<string | null>;
}

export function createFleetStore(mover: Mover, own: OwnMachines): FleetStore {
  return {
    claimRun: (runId, limits) => mover((context) => claimRun(context, own, runId, limits)),
    requestMachine: (run, machine) => mover((context) => requestMachine(context, run, machine)),
    recordLaunch: (machineId, instanceId) =>
      mover(async (context) => {
        const move = await moveMachine(context, machineId, { type: "launched", instanceId });
        await settleLaunches(context, machineId);
        return move.outcome === "refused" || move.outcome === "missing" ? "ended" : "recorded";
      }),
    giveBack: (run, machineId, reason) => mover((context) => giveBack(context, run, machineId, reason)),
    tellStaff: (notice) => mover((context) => tellStaff(context, notice)),
    settleNotice: (key) => mover((context) => settleNotice(context, key)),
    tellWaiting: ({ runId, attempt }, code, reason) =>
      mover(async (context) => {
        await moveRun(context, runId, { type: "wait", attempt, code, reason });
      }),
    requestIdle: (machine, limits) => mover((context) => requestIdle(context, own, machine, limits)),
    giveUpIdle: (machineId, reason) => mover((context) => giveUpIdle(context, machineId, reason)),
    retireIdle: (machineId, code) => mover((context) => retireIdle(context, machineId, code)),
    endMachine: (input) => mover((context) => endMachine(endTransaction(context), input)),
    closeMachine: (machineId) =>
      mover(async (context) => {
        await moveMachine(context, machineId, { type: "terminated" });
        await settleNotice(context, { action: "fleet.machine-stays", subject: `machine:${machineId}` });
      }),
    moveLeases: (jump) => mover((context) => moveLeases(endTransaction(context), own.provider, jump)),
    takeBack: (run, why) => mover((context) => takeBack(endTransaction(context), run, why)),
    finishScoring: (runId) => mover((context) => finishScoring(resultTransaction(context), runId)),
    endUnreadable: (runId) => mover((context) => endUnreadable(context, runId)),
  };
}

async function claimRun(
  context: MoveContext,
  own: OwnMachines,
  runId: string,
  limits: ClaimLimits,
): Promise<ClaimOutcome> {
  const { tx, now } = context;
  await lockFleet(tx);
  const { fleetMax } = limits;
  const run = await tx.run.findUnique({
    where: { id: runId },
    select: {
      state: true,
      attempt: true,
      exerciseVersion: { select: { spec: true } },
      submission: { select: { userId: true } },
    },
  });
  if (run === null) return { outcome: "not-queued", why: `There is no run ${runId}.` };
  if (run.state !== "queued") return { outcome: "not-queued", why: `The run is ${run.state} already.` };
  // Before its turn: it needs no machine, and must hold no place of one.
  const stored = storedSpec.read(run.exerciseVersion.spec);
  if (stored.outcome === "unreadable") {
    await moveRun(context, runId, exerciseUnreadable(run.attempt, stored.why));
    return { outcome: "not-gradable", why: stored.why };
  }
  const demand = await readPlaces(tx, own, now);
  // The whole queue is only read where a place is free.
  if (roomFor({ fleetMax, ...demand }) === 0) return { outcome: "waiting", why: "The fleet is full." };
  const plan = planFleet({ fleetMax, ...demand, ...(await readQueue(tx, own.provider, limits, now)) });
  const spec = stored.value;
  const launches = limits.profiles.includes(spec.profile);
  if (!plan.start.includes(runId)) {
    return { outcome: "waiting", why: launches ? "Other runs come first." : noMachine };
  }
  const wanted = { provider: own.provider, spec, leaseUntil: limits.leaseOf(spec) };
  const idle = await findIdle(tx, wanted);
  if (idle === null && !launches) return { outcome: "waiting", why: noMachine };
  if (idle === null && demand.live + demand.claimed >= fleetMax) {
    await makeRoom(context, own);
    return { outcome: "waiting", why: "A machine of the pool makes room." };
  }
  const move = await moveRun(context, runId, { type: "claim", attempt: run.attempt }, limits.worker);
  if (move.outcome !== "moved") {
    return { outcome: "not-queued", why: move.outcome === "missing" ? "The run is gone." : move.why };
  }
  const { attempt } = move.state;
  await recordTurn(context, run.submission.userId);
  if (idle === null) return { outcome: "claimed", attempt, spec };
  await takeIdle(context, idle, { runId, attempt }, wanted.leaseUntil);
  return { outcome: "taken", machineId: idle.id };
}

/** The student goes to the end of the turns. */
async function recordTurn({ tx, now }: MoveContext, userId: string): Promise<void> {
  const data = { userId, servedAt: now };
  await tx.studentTurn.upsert({ where: { userId }, create: data, update: data });
}

const noMachine = "No machine of its kind can be asked for now, and none of the pool fits.";

async function endUnreadable(context: MoveContext, runId: string): Promise<string | null> {
  const run = await context.tx.run.findUnique({
    where: { id: runId, state: "queued" },
    select: { attempt: true, exerciseVersion: { select: { spec: true } } },
  });
  const stored = run === null ? null : storedSpec.read(run.exerciseVersion.spec);
  if (run === null || stored?.outcome !== "unreadable") return null;
  const move = await moveRun(context, runId, exerciseUnreadable(run.attempt, stored.why));
  return move.outcome === "moved" ? stored.why : null;
}

/** Its provider launches machines like it again, whatever became of this one. */
async function settleLaunches(context: MoveContext, machineId: string): Promise<void> {
  const machine = await context.tx.machine.findUnique({
    where: { id: machineId },
    select: { provider: true, profile: true },
  });
  if (machine === null) return;
  await settleNotice(context, launchesFail(machine.provider, machine.profile as NewMachine["profile"]));
}

async function requestMachine(
  context: MoveContext,
  run: { runId: string; attempt: number },
  machine: NewMachine,
): Promise<boolean> {
  const move = await moveRun(context, run.runId, { type: "provision", attempt: run.attempt });
  if (move.outcome !== "moved") return false;
  await context.tx.machine.create({
    data: { ...machine, runId: run.runId, runAttempt: run.attempt, requestedAt: context.now },
  });
  return true;
}

async function giveBack(
  context: MoveContext,
  run: { runId: string; attempt: number },
  machineId: string | null,
  reason: string,
): Promise<void> {
  await lockRun(context.tx, run.runId);
  // The provider said that there is no machine, so nothing has to be terminated.
  if (machineId !== null) await closeUnlaunched(context, machineId, reason);
  await moveRun(context, run.runId, { type: "no-machine", attempt: run.attempt, reason });
}

/** The fleet's lock first: as long as it is held no run takes the machine. */
async function giveUpIdle(context: MoveContext, machineId: string, reason: string): Promise<void> {
  await lockFleet(context.tx);
  const machine = await context.tx.machine.findUnique({
    where: { id: machineId },
    select: { runId: true, runAttempt: true },
  });
  if (machine === null) return;
  const { runId, runAttempt: attempt } = machine;
  if (runId === null || attempt === null) return closeUnlaunched(context, machineId, reason);
  await giveBack(context, { runId, attempt }, machineId, reason);
}

async function closeUnlaunched(context: MoveContext, machineId: string, reason: string): Promise<void> {
  await moveMachine(context, machineId, { type: "drain", code: "not_launched", reason });
  await moveMachine(context, machineId, { type: "terminated" });
}
