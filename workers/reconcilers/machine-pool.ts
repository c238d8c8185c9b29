import { exerciseSpec } from "#grading/exercises/spec/spec.ts";
import { kubernetesSettings } from "#grading/machine/facilities/catalogue.ts";
import type { Launcher, LaunchOutcome } from "#grading/machines/launching/launcher.ts";
import { leaseFor } from "#grading/machines/lease.ts";
import type { MachineImages } from "#grading/machines/machine-images.ts";
import { type PoolDemand, planPool, poolKind, poolReasons } from "#grading/machines/plan-pool.ts";
import { noMachineSentence } from "#grading/runs/queue/no-machine.ts";
import { draining } from "./draining.ts";
import { actOnEach } from "./kit/act-on-each.ts";
import type { FleetParts } from "./kit/fleet-parts.ts";
import type { Reconciler } from "./kit/loop.ts";

type PoolParts = Pick<FleetParts, "sweeps" | "store" | "timings" | "clock" | "log">;

/** Before the first run of its kind: an exercise that states nothing. */
const unknown = (): PoolDemand => {
  const spec = exerciseSpec.pick({ timeoutSeconds: true }).parse({});
  return { nodes: kubernetesSettings.parse({}).nodes, timeoutSeconds: spec.timeoutSeconds, runs: 1 };
};

/**
 * Keeps as many machines as are wanted with a Kubernetes that runs already and sleeps, for the exercises that were
 * handed in lately. They only fill places that no queued run may take now.
 */
export function machinePool(
  parts: PoolParts,
  settings: { size: number; fleetMax: number },
  launcher: Launcher,
  images: MachineImages,
): Reconciler {
  const { sweeps, store, timings, clock, log } = parts;
  return {
    name: "machine-pool",
    everyMs: timings.every.pool,
    pass: async () => {
      const idle = await sweeps.idle();
      if (settings.size === 0 && idle.length === 0) return;
      const now = clock();
      const { demand, failedAt } = await sweeps.poolHistory(
        new Date(now.getTime() - timings.poolMemoryMs),
        now,
      );
      const asked = demand.length > 0 ? demand : [unknown()];
      const wished = asked.map((one) => ({
        ...one,
        leaseUntil: leaseFor({ ...one, machineKind: poolKind }, timings, now),
      }));
      const plan = planPool(idle, { size: settings.size, demand: wished });
      await actOnEach(log, "machine-pool", plan.retire, async ({ id, code }) => {
        if (await store.retireIdle(id, code))
          log.info({ machineId: id, reason: poolReasons[code] }, "A machine left the pool.");
      });
      // One a pass: the next one sees what has become of it.
      const [next] = plan.launch;
      // A machine that cannot start its Kubernetes would end and be made again without end.
      const failing = failedAt !== null && isWithin(timings.imagePauseMs, failedAt, now);
      const paused = launcher.isPaused(poolKind) || images.ask(poolKind) !== null;
      if (next === undefined || failing || paused) return;
      const limits = {
        machineKinds: images.ready().filter((machineKind) => !launcher.isPaused(machineKind)),
        leaseOf: (exercise: Parameters<typeof leaseFor>[0]) => leaseFor(exercise, timings, now),
      };
      // Twice what a run needs, or each would be replaced as soon as it is there.
      const twice = now.getTime() + 2 * (next.leaseUntil.getTime() - now.getTime());
      const leaseUntil = new Date(Math.max(now.getTime() + timings.poolLeaseMs, twice));
      await report(
        parts,
        launcher.provider,
        await launcher.launch(poolKind, leaseUntil, (machine) =>
          store.requestIdle({ ...machine, poolNodes: next.nodes }, { ...settings, ...limits }),
        ),
      );
    },
  };
}

/** An instant that lies further ahead than the span is from before the clock was set back, and says nothing. */
const isWithin = (spanMs: number, at: Date, now: Date) => Math.abs(now.getTime() - at.getTime()) < spanMs;

async function report({ store, log }: PoolParts, provider: string, launch: LaunchOutcome): Promise<void> {
  if (launch.outcome === "launched") log.info(launch, "A machine joins the pool.");
  if (launch.outcome === "unclear")
    log.error({ ...launch, err: launch.cause }, "A launch got no clear answer.");
  if (launch.outcome !== "no-machine") return;
  log.warn({ err: launch.error }, "No machine for the pool was to be had; launches pause.");
  const { machineId, error } = launch;
  if (machineId !== null) await store.giveUpIdle(machineId, noMachineSentence(error.kind, provider));
}

/** When a worker stops: a machine that only waits would wait for nobody, for up to an hour. */
export async function emptyPool(parts: FleetParts): Promise<void> {
  await actOnEach(parts.log, "machine-pool", await parts.sweeps.idle(), async ({ id }) => {
    await parts.store.retireIdle(id, "stopped");
  });
  const ending = draining(parts);
  await ending.pass();
  await ending.settle?.();
}
