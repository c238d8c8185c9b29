import { answerNotice } from "#grading/machines/answering/answer-notice.ts";
import { closeMachine } from "#grading/machines/ending/close-machine.ts";
import { type EndMachineInput, endMachine } from "#grading/machines/ending/end-machine.ts";
import { moveLeases } from "#grading/machines/ending/move-leases.ts";
import { takeBack } from "#grading/machines/ending/take-back.ts";
import type { ClockJump } from "#grading/machines/hearing.ts";
import type { NewMachine } from "#grading/machines/launching/launcher.ts";
import type { PoolEnd } from "#grading/machines/plan-pool.ts";
import { type PoolLimits, requestIdle } from "#grading/machines/pool/request-idle.ts";
import { retireIdle } from "#grading/machines/pool/retire-idle.ts";
import type { SettleNotice } from "#grading/notices/staff-notice.ts";
import type { Attempt } from "#grading/protocol/attempt.ts";
import type { InstanceNotice } from "#grading/protocol/messages.ts";
import type { StartStore } from "#grading/runs/ports.ts";
import { finishScoring } from "#grading/runs/results/finish-scoring.ts";
import type { WaitCode } from "#grading/runs/run-state.ts";
import { claimRun } from "#grading/runs/starting/claim-run.ts";
import { endUnreadable } from "#grading/runs/starting/end-unreadable.ts";
import { giveBack, giveUpIdle } from "#grading/runs/starting/give-back.ts";
import { recordLaunch, requestMachine } from "#grading/runs/starting/request-machine.ts";
import { tellWaiting } from "#grading/runs/starting/tell-waiting.ts";
import { settleNotice, tellStaff } from "../notices/notice-store.ts";
import { fleetTransaction } from "../runs/fleet-transaction.ts";
import { resultTransaction } from "../runs/result-transaction.ts";
import { endTransaction } from "./end-transaction.ts";
import type { MoveContext, Mover } from "./fleet-mover.ts";
import type { OwnMachines } from "./fleet-places.ts";
import { startTransaction } from "./start-transaction.ts";

/** The database side of the fleet: what starting runs needs, and the ways a machine ends. */
export interface FleetStore extends StartStore {
  settleNotice: SettleNotice;
  /** Ends a machine when it still is as it was seen; its run, when it is still this machine's, goes back to the queue. */
  endMachine(input: EndMachineInput): Promise<{ moved: boolean }>;
  /** What the provider says of the machine's instance elsewhere than in it; see answerNotice. */
  takeNotice(machineId: string, notice: InstanceNotice): Promise<void>;
  /** See requestIdle. */
  requestIdle(machine: NewMachine & { poolNodes: number }, limits: PoolLimits): Promise<boolean>;
  /**
   * Closes the row of a machine of the pool that the provider did not launch. A run that took it meanwhile is queued
   * again uncharged, as if the launch had been its own.
   */
  giveUpIdle(machineId: string, reason: string): Promise<void>;
  /** Ends a machine of the pool unless a run has it by now. */
  retireIdle(machineId: string, code: PoolEnd): Promise<boolean>;
  /** See closeMachine. */
  closeMachine(machineId: string): Promise<void>;
  /** Says of a queued run why it waits; null: for what the code names it waits no more. */
  tellWaiting(run: Attempt, code: WaitCode, reason: string | null): Promise<void>;
  /** Moves the leases of this provider's machines that were requested before the clock jumped ahead along with it. */
  moveLeases(jump: ClockJump): Promise<void>;
  /** A run whose attempt has no machine any more. */
  takeBack(run: Attempt, why: { reason: string; excused: boolean }): Promise<{ moved: boolean }>;
  /** Scores a run whose results are stored; a run in another state is left alone. */
  finishScoring(runId: string): Promise<void>;
  /** Ends a queued run whose exercise cannot be read; says why, or null when it can be, or the run is not queued. */
  endUnreadable(runId: string): Promise<string | null>;
}

export function createFleetStore(mover: Mover, own: OwnMachines): FleetStore {
  const starting = (context: MoveContext) => startTransaction(context, own);
  return {
    claimRun: (runId, limits) => mover((context) => claimRun(starting(context), runId, limits)),
    requestMachine: (run, machine) => mover((context) => requestMachine(starting(context), run, machine)),
    recordLaunch: (machineId, launched) =>
      mover((context) => recordLaunch(starting(context), machineId, launched)),
    giveBack: (run, machineId, reason) =>
      mover((context) => giveBack(starting(context), run, machineId, reason)),
    tellStaff: (notice) => mover((context) => tellStaff(context, notice)),
    settleNotice: (key) => mover((context) => settleNotice(context, key)),
    tellWaiting: (run, code, reason) =>
      mover((context) => tellWaiting(fleetTransaction(context), run, code, reason)),
    requestIdle: (machine, limits) => mover((context) => requestIdle(starting(context), machine, limits)),
    giveUpIdle: (machineId, reason) => mover((context) => giveUpIdle(starting(context), machineId, reason)),
    retireIdle: (machineId, code) => mover((context) => retireIdle(starting(context), machineId, code)),
    endMachine: (input) => mover((context) => endMachine(endTransaction(context), input)),
    takeNotice: (machineId, notice) =>
      mover((context) => answerNotice(endTransaction(context), machineId, notice)),
    closeMachine: (machineId) => mover((context) => closeMachine(fleetTransaction(context), machineId)),
    moveLeases: (jump) => mover((context) => moveLeases(endTransaction(context), own.provider, jump)),
    takeBack: (run, why) => mover((context) => takeBack(endTransaction(context), run, why)),
    finishScoring: (runId) => mover((context) => finishScoring(resultTransaction(context), runId)),
    endUnreadable: (runId) => mover((context) => endUnreadable(starting(context), runId)),
  };
}
