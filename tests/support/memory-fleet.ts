import type { EndTransaction, MachineFilter } from "#grading/machines/ending/end-transaction.ts";
import type { FleetWakes } from "#grading/machines/fleet-wakes.ts";
import type { MachineState, MachineStatus } from "#grading/machines/machine-state.ts";
import type { MachineCost, MachineOthers, MachineRow } from "#grading/machines/machine-transaction.ts";
import type { NoticeKey, StaffNotice } from "#grading/notices/staff-notice.ts";
import type { Attempt } from "#grading/protocol/attempt.ts";
import type { CheckOutcome, SequencedEvent } from "#grading/protocol/messages.ts";
import type { ActEntry, ActSubmission, ActTransaction, NewRun } from "#grading/runs/acts/act-transaction.ts";
import { lockOrder, type RunRow } from "#grading/runs/fleet-transaction.ts";
import type { QueuedOfStudent } from "#grading/runs/queue/queue-bound.ts";
import type { StaffAct } from "#grading/runs/rerun-run.ts";
import type { ResultTransaction } from "#grading/runs/results/result-transaction.ts";
import type { RunState, RunStatus } from "#grading/runs/run-state.ts";

const start = new Date("2024-11-12T18:00:00Z");

const freshRun: RunStatus = {
  ...{ state: "queued", attempt: 1, platformFaults: 0, checkFaults: 0, score: null, maxScore: null },
  ...{ reason: null, reasonCode: null, claimedAt: null, runningAt: null, finishedAt: null },
};
const freshMachine: MachineStatus = {
  ...{ state: "requested", instanceId: null, requestedAt: start, leaseUntil: new Date(+start + 600_000) },
  ...{ bootingAt: null, readyAt: null, warmAt: null, takenAt: null, assignedAt: null, drainingAt: null },
  ...{ terminatedAt: null, endReason: null, endCode: null },
};

type MemoryRun = RunRow & { counts: boolean };
type MemoryMachine = MachineRow & Omit<MachineOthers, "runId" | "runAttempt" | "usdPerHour">;

/**
 * One transaction over runs and machines in memory. It refuses what the database could hang or break on: locks out of
 * their order, and writes without their lock.
 */
export class MemoryFleet implements ActTransaction, EndTransaction, ResultTransaction {
  now = new Date(+start + 60_000);
  readonly runs = new Map<string, MemoryRun>();
  readonly machines = new Map<string, MemoryMachine>();
  /** Of the one submission that every run here is of. */
  readonly submission: Omit<ActSubmission, "runs" | "submissionId"> = {
    ...{ userId: "alice", exerciseId: "docker", version: null },
  };
  /** As the audit would count them, and the queue name them. */
  reruns = 0;
  waiting: QueuedOfStudent[] = [];
  /** Of the one attempt that is reported on. */
  readonly checks: CheckOutcome[] = [];
  readonly events: number[] = [];
  readonly locks: string[] = [];
  /** What another transaction commits while the first lock is waited for. */
  meanwhile: (() => void) | null = null;
  /** Open ones, by subject. */
  readonly notices = new Map<string, string>();
  /** What else was written, in order. */
  readonly told: string[] = [];
  readonly entries: (StaffAct & ActEntry)[] = [];
  readonly woken: (keyof FleetWakes)[] = [];

  withRun(id: string, status: Partial<RunStatus> = {}, counts = true): this {
    this.runs.set(id, { id, submissionId: "sub", status: { ...freshRun, ...status }, counts });
    return this;
  }
  withMachine(id: string, status: Partial<MachineStatus> = {}, others: Partial<MemoryMachine> = {}): this {
    const row = {
      id,
      provider: "docker",
      machineKind: "engine",
      usdPerHour: 3.6,
      heartbeatAt: null,
      poolNodes: null,
      run: null,
    };
    this.machines.set(id, { ...row, ...others, status: { ...freshMachine, ...status } });
    return this;
  }
  /** State and attempt of a run. */
  runAt(id: string): [RunState, number] | null {
    const status = this.runs.get(id)?.status;
    return status === undefined ? null : [status.state, status.attempt];
  }
  stateOf(machineId: string): string | null {
    return this.machines.get(machineId)?.status.state ?? null;
  }

  #lock(kind: (typeof lockOrder)[number], id: string): void {
    const name = `${kind}:${id}`;
    if (this.locks.includes(name)) return;
    const ranks = this.locks.map((held) => lockOrder.findIndex((one) => held.startsWith(`${one}:`)));
    const made = kind === "run" && !this.runs.has(id);
    if (!made && lockOrder.indexOf(kind) < Math.max(...ranks)) {
      throw new Error(`${name} is locked after ${this.locks.join(", ")}.`);
    }
    this.locks.push(name);
    const change = this.meanwhile;
    this.meanwhile = null;
    change?.();
  }
  #needs(name: string): void {
    if (!this.locks.includes(name)) throw new Error(`Written without the lock ${name}.`);
  }

  lockFleet = async () => this.#lock("fleet", "all");
  lockStudent = async (userId: string) => this.#lock("student", userId);
  lockRun = async (runId: string) => this.#lock("run", runId);
  lockSubmission = async (id: string) => this.#lock("submission", id);
  lockMachine = async (id: string) => this.#lock("machine", id);

  readRun = async (id: string) => this.runs.get(id) ?? null;
  readMachine = async (id: string) => this.machines.get(id) ?? null;
  readMachinesOf = async ({ runId, attempt }: Attempt) =>
    [...this.machines.values()]
      .filter(({ run }) => run?.runId === runId && run.attempt === attempt)
      .map(({ id }) => id);
  countMachines = async (run: Attempt, states: readonly MachineState[]) =>
    (await this.readMachinesOf(run)).filter((id) => states.some((state) => state === this.stateOf(id)))
      .length;
  findMachines = async ({ provider, states, requestedBefore, jumpedUntil }: MachineFilter) =>
    [...this.machines.values()]
      .filter((machine) => machine.provider === provider && states.includes(machine.status.state))
      .filter(({ status }) => status.requestedAt < requestedBefore)
      .filter(({ jumpedAt }) => jumpedAt === undefined || jumpedAt <= jumpedUntil)
      .map(({ id }) => id)
      .sort();

  async saveRun({ id, state, attempt }: { id: string; state: RunState; attempt: number }, status: RunStatus) {
    this.#needs(`run:${id}`);
    const run = this.runs.get(id);
    if (run?.status.state !== state || run.status.attempt !== attempt) return false;
    this.runs.set(id, { ...run, status });
    return true;
  }
  async saveMachine(
    { id, state }: { id: string; state: MachineState },
    change: MachineStatus & MachineOthers,
  ) {
    this.#needs(`machine:${id}`);
    const machine = this.machines.get(id);
    if (machine?.status.state !== state) return false;
    const { runId, runAttempt, tokenHash, sessionHash, jumpedAt, ...rest } = change;
    const { instanceType, zone, market, usdPerHour, ...status } = rest;
    const others = {
      ...(tokenHash === undefined ? {} : { tokenHash }),
      ...(sessionHash === undefined ? {} : { sessionHash }),
      ...(jumpedAt === undefined ? {} : { jumpedAt }),
      ...(instanceType === undefined ? {} : { instanceType }),
      ...(zone === undefined ? {} : { zone }),
      ...(market === undefined ? {} : { market }),
      ...(usdPerHour === undefined ? {} : { usdPerHour }),
    };
    const run =
      runId === undefined || runAttempt === undefined ? machine.run : { runId, attempt: runAttempt };
    this.machines.set(id, { ...machine, ...others, run, status });
    return true;
  }
  async saveCost(id: string, { costUsd, poolCostUsd, ...others }: MachineCost) {
    this.told.push(`cost ${id} ${costUsd} ${poolCostUsd}`);
    const machine = this.machines.get(id);
    if (machine !== undefined) this.machines.set(id, { ...machine, ...others });
  }
  openClaim = async ({ runId, attempt, worker }: Attempt & { worker: string }) =>
    void this.told.push(`claim opened ${runId} ${attempt} by ${worker}`);
  closeClaim = async ({ runId, attempt, outcome }: Attempt & { outcome: string }) =>
    void this.told.push(`claim closed ${runId} ${attempt}: ${outcome}`);
  async announce(runId: string, { detail }: { detail: string | null }) {
    this.#needs(`run:${runId}`);
    this.told.push(`${detail}`);
  }
  async letCount({ id, submissionId }: { id: string; submissionId: string }) {
    this.#needs(`submission:${submissionId}`);
    for (const run of this.runs.values()) run.counts = run.id === id;
  }
  findExerciseOf = async () => this.submission.exerciseId;
  hasUngraded = async () =>
    [...this.runs.values()].some(({ counts, status }) => counts && status.state === "not_gradable");
  tellStaff = async ({ subject, reason }: StaffNotice) => {
    this.#lock("notice", subject);
    this.notices.set(subject, reason);
    this.told.push(`staff: ${reason}`);
  };
  settleNotice = async ({ subject }: NoticeKey) => {
    this.#lock("notice", subject);
    this.notices.delete(subject);
    this.told.push(`settled ${subject}`);
  };
  lockNotice = async ({ subject }: NoticeKey) => {
    this.#lock("notice", subject);
    return this.notices.has(subject);
  };
  after = (wake: keyof FleetWakes) => void this.woken.push(wake);

  findSubmissionOf = async (runId: string) =>
    this.runs.has(runId) ? { submissionId: "sub", userId: this.submission.userId } : null;
  readSubmission = async (submissionId: string) => ({
    ...{ submissionId, ...this.submission },
    runs: [...this.runs.values()].map(({ id, status, counts }) => ({ id, counts, ...status })),
  });
  countReruns = async () => this.reruns;
  readWaiting = async () => this.waiting;
  async letNoneCount(submissionId: string) {
    this.#needs(`submission:${submissionId}`);
    for (const run of this.runs.values()) run.counts = false;
  }
  async addRun({ id, counts }: NewRun) {
    this.#needs(`run:${id}`);
    this.withRun(id, {}, counts);
  }
  audit = async (act: StaffAct, entry: ActEntry) => void this.entries.push({ ...act, ...entry });

  readSpec = async () => this.submission.version?.spec ?? { outcome: "unreadable" as const, why: "None." };
  countChecks = async () => this.checks.length;
  readChecks = async () => this.checks;
  async addChecks({ runId }: Attempt, checks: CheckOutcome[]) {
    this.#needs(`run:${runId}`);
    this.checks.push(...checks);
  }
  keepStaffDetail = async ({ runId, attempt }: Attempt, detail: string | null) =>
    void this.told.push(`detail ${runId} ${attempt}: ${detail}`);
  readLastSeq = async () => Math.max(0, ...this.events);
  async addEvents({ runId }: Attempt, events: SequencedEvent[]) {
    this.#needs(`run:${runId}`);
    this.events.push(...events.map(({ seq }) => seq));
  }
}
