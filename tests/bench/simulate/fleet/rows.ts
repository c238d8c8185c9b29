import { noCaps, nothingSpent } from "#course/cost/budget.ts";
import type { AgentRows, AgentTransaction } from "#grading/machines/answering/agent-ports.ts";
import type { EndTransaction, MachineFilter } from "#grading/machines/ending/end-transaction.ts";
import type { FleetWakes } from "#grading/machines/fleet-wakes.ts";
import type { NewMachine } from "#grading/machines/launching/launcher.ts";
import {
  endingStates,
  type MachineState,
  type MachineStatus,
  workingStates,
} from "#grading/machines/machine-state.ts";
import type { MachineOthers, MachineRow } from "#grading/machines/machine-transaction.ts";
import type { IdleMachine } from "#grading/machines/plan-pool.ts";
import type { NoticeKey, StaffNotice } from "#grading/notices/staff-notice.ts";
import { AgentRefusal } from "#grading/protocol/agent-service.ts";
import type { Attempt } from "#grading/protocol/attempt.ts";
import type { CheckOutcome } from "#grading/protocol/messages.ts";
import type { OpenRun } from "#grading/runs/demand/open-run.ts";
import type { RunRow } from "#grading/runs/fleet-transaction.ts";
import { isFinal, type RunState, type RunStatus } from "#grading/runs/run-state.ts";
import type { StartTransaction } from "#grading/runs/starting/start-transaction.ts";
import type { Arrival } from "../world/coursework.ts";

export interface SimulatedRun extends RunRow {
  arrival: Arrival;
  counts: boolean;
  /** How often it came to be graded. */
  graded: number;
}

export interface SimulatedMachine extends MachineRow {
  machineKind: string;
  order: number;
  tokenHash: string | null;
  sessionHash: string | null;
}

const isOneOf = (states: readonly MachineState[]) => (machine: SimulatedMachine) =>
  states.includes(machine.status.state);
const isWorking = isOneOf(workingStates);
const isEnding = isOneOf(endingStates);
const attemptKey = ({ runId, attempt }: Attempt) => `${runId} ${attempt}`;
const keyOf = ({ student, work }: Arrival) => `${student} ${work.slug}`;

/**
 * The rows of runs and machines in memory, and one transaction over them at a time, behind the ports of the use cases.
 * Locks are not needed: nothing else happens while a transaction lasts. What throws, other than a refusal, is kept as a
 * defect, since nothing is rolled back here.
 */
export class Rows implements StartTransaction, EndTransaction, AgentTransaction, AgentRows {
  readonly runs = new Map<string, SimulatedRun>();
  readonly openRuns = new Map<string, SimulatedRun>();
  readonly machines = new Map<string, SimulatedMachine>();
  /** Not terminated. */
  readonly live = new Map<string, SimulatedMachine>();
  /** Of the pool, whatever became of them, in the order in which they were asked for. */
  readonly pooled: SimulatedMachine[] = [];
  readonly notices = new Map<string, string>();
  readonly defects: unknown[] = [];
  /** When a run was taken up by each machine that began it, by attempt. */
  readonly startedAt = new Map<string, number>();
  told = 0;
  interrupted = 0;
  readonly #ofAttempt = new Map<string, string[]>();
  readonly #byToken = new Map<string, SimulatedMachine>();
  readonly #bySession = new Map<string, SimulatedMachine>();
  readonly #checks = new Map<string, CheckOutcome[]>();
  readonly #newest = new Map<string, number>();
  readonly #served = new Map<string, Date>();
  readonly #after = new Set<keyof FleetWakes>();
  #tail: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly clock: () => Date,
    private readonly drainPatienceMs: number,
    private readonly wake: (what: keyof FleetWakes) => void,
  ) {}

  get now(): Date {
    return this.clock();
  }

  transact = <Result>(work: (tx: Rows) => Promise<Result>): Promise<Result> => {
    const mine = this.#tail.then(async () => {
      const result = await work(this);
      const wakes = [...this.#after];
      this.#after.clear();
      for (const what of wakes) this.wake(what);
      return result;
    });
    this.#tail = mine.catch((error: unknown) => {
      if (!(error instanceof AgentRefusal)) this.defects.push(error);
    });
    return mine;
  };

  submit(arrival: Arrival): void {
    const status: RunStatus = {
      ...{ state: "queued", attempt: 1, platformFaults: 0, checkFaults: 0, score: null, maxScore: null },
      ...{ reason: null, reasonCode: null, claimedAt: null, runningAt: null, finishedAt: null },
    };
    const { id } = arrival;
    const run = { id, submissionId: id, status, arrival, counts: true, graded: 0 };
    this.runs.set(id, run);
    this.openRuns.set(id, run);
    this.#newest.set(keyOf(arrival), arrival.number);
  }

  lockFleet = async () => undefined;
  lockStudent = async () => undefined;
  lockRun = async () => undefined;
  lockSubmission = async () => undefined;
  lockMachine = async () => undefined;
  lockNotice = async ({ subject }: NoticeKey) => this.notices.has(subject);
  after = (wake: keyof FleetWakes) => void this.#after.add(wake);

  readRun = async (id: string) => this.runs.get(id) ?? null;
  readMachine = async (id: string) => this.machines.get(id) ?? null;
  readMachinesOf = async (run: Attempt) => this.#ofAttempt.get(attemptKey(run)) ?? [];
  countMachines = async (run: Attempt, states: readonly MachineState[]) =>
    (await this.readMachinesOf(run)).filter((id) => {
      const machine = this.machines.get(id);
      return machine !== undefined && isOneOf(states)(machine);
    }).length;
  findMachines = async ({ states, requestedBefore }: MachineFilter) =>
    [...this.live.values()]
      .filter((one) => isOneOf(states)(one) && one.status.requestedAt < requestedBefore)
      .map(({ id }) => id);

  async saveRun({ id, state, attempt }: { id: string; state: RunState; attempt: number }, status: RunStatus) {
    const run = this.runs.get(id);
    if (run?.status.state !== state || run.status.attempt !== attempt) return false;
    run.status = status;
    if (status.state === "graded") run.graded += 1;
    if (status.state === "running")
      this.startedAt.set(attemptKey({ runId: id, attempt }), this.now.getTime());
    if (isFinal(status.state)) this.openRuns.delete(id);
    return true;
  }
  async saveMachine(
    { id, state }: { id: string; state: MachineState },
    change: MachineStatus & MachineOthers,
  ) {
    const machine = this.machines.get(id);
    if (machine?.status.state !== state) return false;
    const { runId, runAttempt, tokenHash, sessionHash, jumpedAt: _, ...status } = change;
    machine.status = status;
    if (tokenHash === null && machine.tokenHash !== null) this.#byToken.delete(machine.tokenHash);
    if (tokenHash !== undefined) machine.tokenHash = tokenHash;
    if (sessionHash !== undefined) {
      machine.sessionHash = sessionHash;
      this.#bySession.set(sessionHash, machine);
    }
    if (runId !== undefined && runAttempt !== undefined) this.#give(machine, { runId, attempt: runAttempt });
    if (status.state === "lost") this.interrupted += 1;
    if (status.state === "terminated") this.live.delete(id);
    return true;
  }
  saveCost = async () => undefined;
  saveReservation = async () => undefined;
  readMoney = async () => ({ now: this.now, stop: null, caps: noCaps, spending: nothingSpent });
  openClaim = async () => undefined;
  closeClaim = async () => undefined;
  announce = async () => undefined;
  keepStaffDetail = async () => undefined;
  addEvents = async () => undefined;
  readLastSeq = async () => 0;
  async letCount({ id }: { id: string }) {
    const run = this.runs.get(id);
    if (run !== undefined) run.counts = true;
  }
  findExerciseOf = async (id: string) => this.#arrivalOf(id).work.slug;
  hasUngraded = async () => [...this.runs.values()].some(({ status }) => status.state === "not_gradable");
  tellStaff = async ({ subject, reason }: StaffNotice) => {
    this.told += 1;
    this.notices.set(subject, reason);
  };
  settleNotice = async ({ subject }: NoticeKey) => void this.notices.delete(subject);

  readOpenRuns = async (): Promise<OpenRun[]> =>
    [...this.openRuns.values()].map(({ id, status, arrival }) => ({
      ...{
        id,
        student: arrival.student,
        course: "simulated",
        exercise: arrival.work.slug,
        number: arrival.number,
      },
      ...{ newest: this.#newest.get(keyOf(arrival)) ?? arrival.number, byStaff: false },
      ...{
        queuedAt: arrival.at,
        attempt: status.attempt,
        servedAt: this.#served.get(arrival.student) ?? null,
      },
      ...{ state: status.state as OpenRun["state"], reasonCode: status.reasonCode, reason: status.reason },
      ...{
        claimedAt: status.claimedAt,
        dueAt: arrival.dueAt,
        version: arrival.work.slug,
        machineKind: arrival.work.kind,
      },
    }));
  /** The furthest first; those that are alike in the order in which they were asked for. */
  idle = () =>
    [...this.live.values()].filter((one) => one.poolNodes !== null && one.run === null && isWorking(one));
  readIdle = async (): Promise<(IdleMachine & { usdPerHour: number })[]> =>
    this.idle()
      .sort((a, b) => warmth(a) - warmth(b) || a.order - b.order)
      .map(({ id, machineKind, poolNodes, status, usdPerHour }) => ({
        ...{ id, machineKind, nodes: poolNodes ?? 0, leaseUntil: status.leaseUntil, usdPerHour },
      }));
  readSpecs = async (versions: readonly string[]) =>
    [...this.openRuns.values()]
      .map(({ arrival }) => arrival.work)
      .filter(
        ({ slug }, index, all) => versions.includes(slug) && all.findIndex((w) => w.slug === slug) === index,
      )
      .map(({ slug, spec }) => ({ id: slug, spec: { outcome: "read" as const, value: spec } }));
  readPlaces = async () => {
    const machines = [...this.live.values()];
    const ending = machines.filter((one) => isEnding(one) && this.#freesSoon(one)).length;
    const working = machines.filter(isWorking);
    return {
      live: working.length + ending,
      idle: working.filter((one) => one.poolNodes !== null && one.run === null).length,
      claimed: [...this.openRuns.values()].filter(({ status }) => status.state === "claimed").length,
    };
  };
  countEnding = async () =>
    [...this.live.values()].filter((one) => isEnding(one) && this.#freesSoon(one)).length;
  async addMachine(made: NewMachine & { poolNodes?: number }, run: Attempt | null) {
    const { id, provider, machineKind, tokenHash, leaseUntil, usdPerHour, poolNodes = null } = made;
    const status: MachineStatus = {
      ...{ state: "requested", instanceId: null, requestedAt: this.now, leaseUntil, bootingAt: null },
      ...{
        readyAt: null,
        warmAt: null,
        takenAt: null,
        assignedAt: null,
        drainingAt: null,
        terminatedAt: null,
      },
      ...{ endReason: null, endCode: null },
    };
    const machine: SimulatedMachine = {
      ...{ id, provider, machineKind, usdPerHour, poolNodes, status, tokenHash, sessionHash: null },
      ...{ heartbeatAt: null, run: null, order: this.machines.size },
    };
    this.machines.set(id, machine);
    this.live.set(id, machine);
    if (poolNodes !== null) this.pooled.push(machine);
    this.#byToken.set(tokenHash, machine);
    if (run !== null) this.#give(machine, run);
  }
  readStarting = async (id: string) => {
    const run = this.runs.get(id);
    if (run === undefined) return null;
    const { state, attempt } = run.status;
    const { student: userId, work, dueAt, at: queuedAt } = run.arrival;
    return { state, attempt, userId, dueAt, queuedAt, spec: await this.readSpec(id), machineKind: work.kind };
  };
  saveTurn = async (student: string) => void this.#served.set(student, this.now);
  readKind = async (id: string) => this.machines.get(id) ?? null;

  readSpec = async (id: string) => ({ outcome: "read" as const, value: this.#arrivalOf(id).work.spec });
  countChecks = async (run: Attempt) => (await this.readChecks(run)).length;
  readChecks = async (run: Attempt) => this.#checks.get(attemptKey(run)) ?? [];
  addChecks = async (run: Attempt, checks: CheckOutcome[]) => void this.#checks.set(attemptKey(run), checks);
  findByToken = async (hash: string) => this.#byToken.get(hash) ?? null;
  findBySession = async (hash: string) => this.#bySession.get(hash) ?? null;
  readOrder = async (id: string) => {
    const run = this.runs.get(id);
    if (run === undefined) return null;
    const { state, attempt } = run.status;
    const submission = { fileName: "work.zip", sha256: "", bytes: 0 };
    return { state, attempt, spec: await this.readSpec(id), submission, hiddenKey: "" };
  };
  readStanding = async (id: string) => this.runs.get(id)?.status ?? null;
  readFiles = async () => null;
  recordBeat = async (id: string, states: readonly MachineState[], at: Date) => {
    const machine = this.machines.get(id);
    if (machine !== undefined && isOneOf(states)(machine)) machine.heartbeatAt = at;
  };

  #give(machine: SimulatedMachine, run: Attempt): void {
    machine.run = run;
    this.#ofAttempt.set(attemptKey(run), [...(this.#ofAttempt.get(attemptKey(run)) ?? []), machine.id]);
  }
  #freesSoon({ status }: SimulatedMachine): boolean {
    return this.now.getTime() - (status.drainingAt ?? this.now).getTime() < this.drainPatienceMs;
  }
  #arrivalOf(id: string): Arrival {
    const run = this.runs.get(id);
    if (run === undefined) throw new Error(`There is no run ${id}.`);
    return run.arrival;
  }
}

const warmth = ({ status }: SimulatedMachine) => status.warmAt?.getTime() ?? Number.POSITIVE_INFINITY;
