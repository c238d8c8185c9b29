import type { Caps } from "#course/cost/budget.ts";
import type { PoolAhead } from "#grading/machines/capacity/hold-ahead.ts";
import type { NewMachine } from "#grading/machines/launching/launcher.ts";
import type { MachineKind } from "#grading/machines/machine-kind.ts";
import type { JobQueue } from "#infra/queue/catalogue.ts";
import { machinePool } from "#workers/reconcilers/machine-pool.ts";
import { type OfferedRuns, queuedSweep } from "#workers/reconcilers/queued-sweep.ts";
import { openFleetBench, submitKubernetes } from "../runs/fleet-bench.ts";

export const minuteMs = 60_000;
export type PoolBench = Awaited<ReturnType<typeof openPoolBench>>;

/** The fleet's bench, with the reconciler that keeps the pool. */
export async function openPoolBench(fleetMax: number, caps?: Caps) {
  const bench = await openFleetBench({ fleetMax, ...(caps && { caps }) });
  const pool = () =>
    bench.db.machine.findMany({ where: { poolNodes: { not: null } }, orderBy: { id: "asc" } });
  const only = async () => {
    const [machine, ...others] = await pool();
    if (!machine || others.length > 0) throw new Error(`There are ${others.length + (machine ? 1 : 0)}.`);
    return machine;
  };
  const tokenOf = (machineId: string) => {
    const machine = bench.provider.machines.get(machineId);
    if (!machine) throw new Error(`Machine ${machineId} was not launched.`);
    return machine.spec.userData.token;
  };
  const keepWith = async (fleet: ReturnType<typeof bench.fleet>, size: number, ahead?: PoolAhead) => {
    const images = { ready: () => extended.ready, ask: () => extended.imageMissing };
    await machinePool(fleet, { size, fleetMax, ahead }, bench.launcher, images).pass();
  };

  const extended = Object.assign(bench, {
    /** Why the machine's image is not there; null: it is. */
    imageMissing: null as string | null,
    /** Whose machines can be launched. */
    ready: ["engine", "engine+kubernetes"] as MachineKind[],
    pool,
    only,
    tokenOf,

    /** One look of the reconciler. */
    keep: (size = 1, ahead?: PoolAhead) => keepWith(bench.fleet(), size, ahead),

    /** A run of the last moment that is over already. */
    async handedIn(nodes: number): Promise<void> {
      const runId = await submitKubernetes(bench, {
        facilities: { kubernetes: { nodes, namespaces: ["student"] } },
      });
      await bench.db.run.update({
        where: { id: runId },
        data: { state: "cancelled", queuedAt: bench.now(), finishedAt: bench.now(), reason: "Enough." },
      });
    },

    /** The pool's machine, as far as its agent has come. */
    async warmMachine() {
      await extended.keep();
      const { id } = await only();
      const { session, warmUp } = await bench.service.openSession(tokenOf(id));
      await bench.service.reportWarm(session);
      return { id, session, warmUp };
    },

    /** The row of a machine of the pool and its launch, whatever the queue wants. */
    async launchIdle(): Promise<void> {
      const { store } = bench;
      const requestIdle = async (machine: NewMachine & { poolNodes: number }) => {
        await bench.db.machine.create({ data: { ...machine, requestedAt: bench.now() } });
        return true;
      };
      await keepWith({ ...bench.fleet(), store: { ...store, requestIdle } }, 1);
    },

    sweep(offered: string[], waiting: OfferedRuns = new Map(), warnings: string[] = []) {
      const queue: JobQueue = {
        add: async (_name, { runId }) => void offered.push(runId),
        close: async () => {},
      };
      const fleet = bench.fleet();
      const log = { ...fleet.log, warn: (_fields: object, message: string) => warnings.push(message) };
      return queuedSweep({ ...fleet, log: log as never }, fleetMax, queue, bench.starter, waiting);
    },
  });
  return extended;
}
