import { noCaps, nothingSpent } from "#course/cost/budget.ts";
import type { Stored } from "#course/stored-json.ts";
import { type ExerciseSpec, exerciseSpec } from "#grading/exercises/spec/spec.ts";
import type { NewMachine } from "#grading/machines/launching/launcher.ts";
import { kindFor } from "#grading/machines/machine-kind.ts";
import type { MachineStatus } from "#grading/machines/machine-state.ts";
import { poolKind } from "#grading/machines/plan-pool.ts";
import type { Attempt } from "#grading/protocol/attempt.ts";
import type { FleetMoney } from "#grading/runs/demand/fleet-money.ts";
import type { OpenRun } from "#grading/runs/demand/open-run.ts";
import type { StartTransaction } from "#grading/runs/starting/start-transaction.ts";
import { MemoryFleet } from "./memory-fleet.ts";
import { defaultSpec } from "./seed.ts";

const specOf = (facilities: object) => exerciseSpec.parse({ ...defaultSpec, facilities });
export const unreadable = { outcome: "unreadable", why: "It has the version 9." } as const;

/** A fleet of one student a run, in the order of the runs' ids. */
export class MemoryStarts extends MemoryFleet implements StartTransaction {
  spec: Stored<ExerciseSpec> = { outcome: "read", value: specOf({}) };
  readonly nodes = new Map<string, number>();
  /** Ids of machines of the pool, the furthest first. */
  readonly pool: string[] = [];
  ending = 0;
  money: Pick<FleetMoney, "stop" | "caps" | "spending"> = {
    stop: null,
    caps: noCaps,
    spending: nothingSpent,
  };
  readMoney = async () => ({ now: this.now, ...this.money });
  saveReservation = async ({ runId }: Attempt, micros: number) =>
    void this.told.push(`reserved ${micros} for ${runId}`);
  dueAt: Date | null = null;
  readonly reads: string[] = [];

  withIdle(id: string, nodes: number, status: Partial<MachineStatus> = {}): this {
    this.pool.push(id);
    this.nodes.set(id, nodes);
    return this.withMachine(id, { state: "ready", ...status });
  }
  #working = () =>
    [...this.machines.values()].filter(({ status }) => ["requested", "ready"].includes(status.state));

  /** Of the exercise's row, where it differs from what its spec asks for. */
  kind: string | null = null;
  #kind = () => this.kind ?? (this.spec.outcome === "read" ? kindFor(this.spec.value) : "");

  readPlaces = async () => {
    this.reads.push("places");
    const claimed = [...this.runs.values()].filter(({ status }) => status.state === "claimed").length;
    return { live: this.#working().length, idle: (await this.readIdle()).length, claimed };
  };
  readOpenRuns = async () => {
    this.reads.push("queue");
    const machineKind = this.#kind();
    return [...this.runs.values()].map(
      ({ id, status }): OpenRun => ({
        ...{
          id,
          student: id,
          course: "course",
          exercise: "docker",
          number: 1,
          newest: 1,
          byStaff: false,
          servedAt: null,
        },
        ...{ state: status.state as OpenRun["state"], attempt: status.attempt, queuedAt: this.now },
        ...{ reasonCode: null, reason: null, claimedAt: status.claimedAt, version: "ver" },
        ...{ machineKind, dueAt: this.dueAt },
      }),
    );
  };
  readIdle = async () =>
    this.pool.flatMap((id) => {
      const machine = this.#working().find((one) => one.id === id && one.run === null);
      const nodes = this.nodes.get(id);
      return machine === undefined || nodes === undefined
        ? []
        : [
            {
              id,
              nodes,
              machineKind: nodes > 0 ? poolKind : "engine",
              leaseUntil: machine.status.leaseUntil,
              usdPerHour: 1,
            },
          ];
    });
  readSpecs = async () => [{ id: "ver", spec: this.spec }];
  countEnding = async () => this.ending;
  addMachine = async ({ id }: NewMachine, run: Attempt | null) => void this.withMachine(id, {}, { run });
  readStarting = async (id: string) => {
    const status = this.runs.get(id)?.status;
    const machineKind = this.#kind();
    const { dueAt, now: queuedAt } = this;
    return status === undefined
      ? null
      : { ...status, userId: "alice", spec: this.spec, machineKind, dueAt, queuedAt };
  };
  saveTurn = async (userId: string) => void this.told.push(`turn of ${userId}`);
  readKind = async (id: string) =>
    this.machines.has(id) ? ({ provider: "docker", machineKind: "engine" } as const) : null;
}

export const fleetWith = (...runs: string[]) => {
  const fleet = new MemoryStarts();
  for (const id of runs) fleet.withRun(id);
  return fleet;
};
export const kubernetes = { spec: { outcome: "read" as const, value: specOf({ kubernetes: {} }) } };
export const lease = new Date("2024-11-12T18:05:00Z");
export const limits = (fleetMax: number, machineKinds = ["engine", "engine+kubernetes"]) => ({
  ...{ fleetMax, machineKinds, worker: "w", leaseOf: () => lease },
});
export const machine = {
  ...{ id: "new", provider: "docker", machineKind: "engine", tokenHash: "h", leaseUntil: lease },
  usdPerHour: 0,
};
const offering = { type: "c6a.large", zone: "us-east-1b", market: "spot" } as const;
export const launched = (instanceId: string) => ({ instanceId, offering, usdPerHour: 0.031 });
export const run = { runId: "a", attempt: 1 };
