import type { Launcher } from "#grading/clusters/launcher.ts";
import { leaseFor } from "#grading/clusters/lease.ts";
import type { MachineImages } from "#grading/clusters/machine-images.ts";
import { planPool, poolReasons } from "#grading/clusters/plan-pool.ts";
import { exerciseSpec } from "#grading/exercises/spec.ts";
import { actOnEach } from "./act-on-each.ts";
import { draining } from "./draining.ts";
import type { FleetParts } from "./fleet-parts.ts";
import type { Reconciler } from "./loop.ts";

/** Before the first run of its kind: an exercise that states nothing. */
const unknown = exerciseSpec.pick({ timeoutSeconds: true, kubernetes: true }).parse({});

/**
 * Keeps as many machines as are wanted with a Kubernetes that runs already and sleeps, for the exercise that was
 * handed in last. They only fill places that no queued run wants.
 */
export function machinePool(
  parts: Pick<FleetParts, "sweeps" | "store" | "timings" | "clock" | "log">,
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
      const { last, failedAt } = await sweeps.poolHistory();
      const { timeoutSeconds, kubernetes } = last ?? unknown;
      const now = clock();
      const needed = leaseFor({ timeoutSeconds, profile: "kubernetes" }, timings, now);
      const wish = { size: settings.size, nodes: kubernetes.nodes, leaseUntil: needed };
      const plan = planPool(idle, wish);
      for (const { id, reason } of plan.retire) {
        if (await store.retireIdle(id, reason))
          log.info({ clusterId: id, reason }, "A machine left the pool.");
      }
      // A machine that cannot start its Kubernetes would end and be made again without end.
      const failing = failedAt !== null && now.getTime() - failedAt.getTime() < timings.imagePauseMs;
      if (plan.launch === 0 || failing || launcher.paused || images.ask("kubernetes") !== null) return;
      // Twice what a run needs, or each would be replaced as soon as it is there.
      const twice = now.getTime() + 2 * (needed.getTime() - now.getTime());
      const leaseUntil = new Date(Math.max(now.getTime() + timings.poolLeaseMs, twice));
      // One a pass: the next one sees what has become of it.
      const launch = await launcher.launch("kubernetes", leaseUntil, (cluster) =>
        store.requestIdle({ ...cluster, poolNodes: wish.nodes }, settings),
      );
      if (launch.outcome === "launched") log.info(launch, "A machine joins the pool.");
      if (launch.outcome === "unclear")
        log.error({ ...launch, err: launch.cause }, "A launch got no clear answer.");
      if (launch.outcome !== "no-machine") return;
      log.warn({ err: launch.error }, "No machine for the pool was to be had; launches pause.");
      if (launch.clusterId !== null) await store.giveUpIdle(launch.clusterId, "No machine was to be had.");
    },
  };
}

/** When a worker stops: a machine that only waits would wait for nobody, for up to an hour. */
export async function emptyPool(parts: FleetParts): Promise<void> {
  await actOnEach(parts.log, "machine-pool", await parts.sweeps.idle(), async ({ id }) => {
    await parts.store.retireIdle(id, poolReasons.stopped);
  });
  const ending = draining(parts);
  await ending.pass();
  await ending.settle?.();
}
