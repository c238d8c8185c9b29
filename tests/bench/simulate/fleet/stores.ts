import { answerNotice } from "#grading/machines/answering/answer-notice.ts";
import { closeMachine } from "#grading/machines/ending/close-machine.ts";
import { endMachine } from "#grading/machines/ending/end-machine.ts";
import { moveLeases } from "#grading/machines/ending/move-leases.ts";
import { takeBack } from "#grading/machines/ending/take-back.ts";
import { endingStates, type MachineState, workingStates } from "#grading/machines/machine-state.ts";
import { failedAt, newestProofs, type PoolProof } from "#grading/machines/pool/failed-at.ts";
import { requestIdle } from "#grading/machines/pool/request-idle.ts";
import { retireIdle } from "#grading/machines/pool/retire-idle.ts";
import { readDemand } from "#grading/runs/demand/read-demand.ts";
import { finishScoring } from "#grading/runs/results/finish-scoring.ts";
import { claimRun } from "#grading/runs/starting/claim-run.ts";
import { endUnreadable } from "#grading/runs/starting/end-unreadable.ts";
import { giveBack, giveUpIdle } from "#grading/runs/starting/give-back.ts";
import { recordLaunch, requestMachine } from "#grading/runs/starting/request-machine.ts";
import { tellWaiting } from "#grading/runs/starting/tell-waiting.ts";
import type { FleetStore } from "#infra/db/machines/fleet-store.ts";
import type { FleetSweeps } from "#infra/db/machines/fleet-sweeps.ts";
import type { Rows, SimulatedMachine } from "./rows.ts";

/** The use cases of the fleet over rows in memory: the same calls as the database's. */
export function storeOver(rows: Rows, provider: string): FleetStore {
  const { transact } = rows;
  return {
    claimRun: (runId, limits) => transact((tx) => claimRun(tx, runId, limits)),
    requestMachine: (run, machine) => transact((tx) => requestMachine(tx, run, machine)),
    recordLaunch: (machineId, instanceId) => transact((tx) => recordLaunch(tx, machineId, instanceId)),
    giveBack: (run, machineId, reason) => transact((tx) => giveBack(tx, run, machineId, reason)),
    tellStaff: (notice) => transact((tx) => tx.tellStaff(notice)),
    settleNotice: (key) => transact((tx) => tx.settleNotice(key)),
    tellWaiting: (run, code, reason) => transact((tx) => tellWaiting(tx, run, code, reason)),
    requestIdle: (machine, limits) => transact((tx) => requestIdle(tx, machine, limits)),
    giveUpIdle: (machineId, reason) => transact((tx) => giveUpIdle(tx, machineId, reason)),
    retireIdle: (machineId, code) => transact((tx) => retireIdle(tx, machineId, code)),
    endMachine: (input) => transact((tx) => endMachine(tx, input)),
    takeNotice: (machineId, notice) => transact((tx) => answerNotice(tx, machineId, notice)),
    closeMachine: (machineId) => transact((tx) => closeMachine(tx, machineId)),
    moveLeases: (jump) => transact((tx) => moveLeases(tx, provider, jump)),
    takeBack: (run, why) => transact((tx) => takeBack(tx, run, why)),
    finishScoring: (runId) => transact((tx) => finishScoring(tx, runId)),
    endUnreadable: (runId) => transact((tx) => endUnreadable(tx, runId)),
  };
}

/** As the database reads it; every machine is of spot. */
function failedAtOf({ pooled }: Rows, kind: string): Date | null {
  const proofs: PoolProof[] = [];
  for (let i = pooled.length - 1; i >= 0 && proofs.length < newestProofs; i -= 1) {
    const { machineKind, status } = pooled[i] as SimulatedMachine;
    const { warmAt, takenAt, endCode, drainingAt } = status;
    const failed = takenAt === null && (endCode === "failed" || endCode === "lost");
    if (machineKind === kind && (warmAt !== null || failed))
      proofs.push({ warmAt, drainingAt, market: "spot" });
  }
  return failedAt(proofs);
}

const sightOf = ({ id, heartbeatAt, status }: SimulatedMachine) => ({ ...status, id, heartbeatAt });

/** What the loops observe, of the same rows. */
export function sweepsOver(rows: Rows): FleetSweeps {
  const inStates = (states: readonly MachineState[]) =>
    [...rows.live.values()].filter(({ status }) => states.includes(status.state)).map(sightOf);
  const queued = () => [...rows.openRuns.values()].filter(({ status }) => status.state === "queued");
  const kinds = () => [...new Set(queued().map(({ arrival }) => arrival.work.kind))];
  return {
    demand: async (limits) => ({ ...(await rows.readPlaces()), ...(await readDemand(rows, limits)) }),
    money: async () => ({ queued: [], held: new Map(), stop: null }),
    openNotices: async () => [],
    idle: rows.readIdle,
    poolHistory: async (kind) => ({ demand: [], failedAt: failedAtOf(rows, kind) }),
    queuedKinds: async () => kinds(),
    lackingKinds: async () => [
      ...new Set(
        queued()
          .filter(({ status }) => status.reasonCode === "no_machines")
          .map(({ arrival }) => arrival.work.kind),
      ),
    ],
    kindsInUse: async () => kinds(),
    toldOther: async (kind, code, reason) =>
      queued()
        .filter(({ arrival }) => arrival.work.kind === kind)
        .filter(({ status }) =>
          reason === null
            ? status.reasonCode === code
            : status.reasonCode === null || (status.reasonCode === code && status.reason !== reason),
        )
        .map(({ id, status }) => ({ runId: id, attempt: status.attempt })),
    working: async () => inStates(workingStates),
    ending: async () => inStates(endingStates),
    byIds: async (ids) =>
      new Map(
        ids.flatMap((id) => {
          const machine = rows.machines.get(id);
          return machine === undefined ? [] : [[id, sightOf(machine)] as const];
        }),
      ),
    byInstance: async (instanceId) =>
      inStates(workingStates).find((machine) => machine.instanceId === instanceId)?.id ?? null,
    foreign: async () => [],
    former: async () => [],
    foreignOverdue: async () => [],
    runsWithoutMachine: async (before, after) => {
      const worked = new Set(
        [...rows.live.values()]
          .filter(({ status }) => (workingStates as readonly MachineState[]).includes(status.state))
          .map(({ run }) => (run === null ? "" : `${run.runId} ${run.attempt}`)),
      );
      return [...rows.openRuns.values()]
        .filter(({ status }) => ["claimed", "provisioning", "running"].includes(status.state))
        .filter(
          ({ status: { claimedAt } }) => claimedAt !== null && (claimedAt < before || claimedAt > after),
        )
        .filter(({ id, status }) => !worked.has(`${id} ${status.attempt}`))
        .map(({ id, status }) => ({ runId: id, attempt: status.attempt }));
    },
    unreadableQueued: async () => [],
    runsInScoring: async () =>
      [...rows.openRuns.values()].filter(({ status }) => status.state === "scoring").map(({ id }) => id),
  };
}
