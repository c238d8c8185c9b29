import { exerciseSpec } from "#grading/exercises/spec/spec.ts";
import { kubernetesSettings } from "#grading/machine/facilities/catalogue.ts";
import type { HeldKind, PoolAhead } from "#grading/machines/capacity/hold-ahead.ts";
import type { Launcher, LaunchOutcome } from "#grading/machines/launching/launcher.ts";
import { leaseFor } from "#grading/machines/lease.ts";
import type { MachineImages } from "#grading/machines/machine-images.ts";
import type { MachineKind } from "#grading/machines/machine-kind.ts";
import {
  hasNodes,
  type IdleMachine,
  type PoolDemand,
  type PoolPlan,
  planPool,
  poolKind,
  poolReasons,
} from "#grading/machines/plan-pool.ts";
import type { Market } from "#grading/machines/provider.ts";
import { dayIsShort } from "#grading/runs/demand/money-notices.ts";
import { noMachineSentence } from "#grading/runs/queue/no-machine.ts";
import { draining } from "./draining.ts";
import { actOnEach } from "./kit/act-on-each.ts";
import type { FleetParts } from "./kit/fleet-parts.ts";
import type { Reconciler } from "./kit/loop.ts";

type PoolParts = Pick<FleetParts, "sweeps" | "store" | "timings" | "clock" | "log">;

export interface PoolSettings {
  /** Machines that wait with a Kubernetes whatever comes. */
  size: number;
  /** Machines at once, those of the pool counted in. */
  fleetMax: number;
  /** What is to wait for what comes; without it no more than the size says. */
  ahead?: PoolAhead | undefined;
}

/** Before the first run of its kind: an exercise that states nothing. */
const unknown = (machineKind: MachineKind): PoolDemand => {
  const spec = exerciseSpec.pick({ timeoutSeconds: true }).parse({});
  const nodes = hasNodes(machineKind) ? kubernetesSettings.parse({}).nodes : 0;
  return { nodes, timeoutSeconds: spec.timeoutSeconds, runs: 1 };
};

/** A machine that cannot be had keeps the others of the pass from being asked for: the next one sees what became of it. */
const launchesAPass = 4;

/**
 * Keeps as many machines of each kind as are wanted, with what is in them started, for the exercises that were handed in
 * lately and those that will be: as many of Kubernetes as the pool's size says, and more of any kind where more are to
 * wait for what comes. They only fill places that no queued run may take now, and give way to one for which
 * the provider's quota, or the day's money, is not enough beside them.
 */
export function machinePool(
  parts: PoolParts,
  settings: PoolSettings,
  launcher: Launcher,
  images: MachineImages,
): Reconciler {
  const { sweeps, timings } = parts;
  const told = new Map<MachineKind, number>();
  return {
    name: "machine-pool",
    everyMs: timings.every.pool,
    pass: async () => {
      const idle = await sweeps.idle();
      const lacking = await lackedByRuns(parts, launcher);
      if (lacking !== null) return giveWay(parts, idle, lacking);
      const held = (await settings.ahead?.hold()) ?? [];
      tellChanges(parts, told, held);
      const kinds = new Set([poolKind, ...held.map(({ kind }) => kind), ...idle.map(kindOfIdle)]);
      await actOnEach(parts.log, "machine-pool", [...kinds], async (machineKind) => {
        const own = idle.filter((machine) => machine.machineKind === machineKind);
        const coming = held.find(({ kind }) => kind === machineKind);
        const size = Math.max(machineKind === poolKind ? settings.size : 0, coming?.machines ?? 0);
        if (size === 0 && own.length === 0) return;
        const wanted = { machineKind, size, demand: coming?.demand ?? [] };
        await keepKind(parts, { ...settings, ...wanted }, own, launcher, images);
      });
    },
  };
}

/** What runs wait for that machines of the pool have; null: nothing. */
async function lackedByRuns(
  { sweeps }: PoolParts,
  launcher: Launcher,
): Promise<"quota" | "money of the day" | null> {
  const lacking = await sweeps.lackingKinds();
  if (lacking.some((machineKind) => launcher.troubleOf(machineKind) === "quota")) return "quota";
  const notices = await sweeps.openNotices([dayIsShort.action]);
  return notices.some(({ subject }) => subject === dayIsShort.subject) ? "money of the day" : null;
}

/** The machine that has come least far ends for a run that fits none of them, unless another is ending already. */
async function giveWay(
  { sweeps, store, timings, clock, log }: PoolParts,
  idle: readonly IdleMachine[],
  lacking: string,
): Promise<void> {
  const last = idle.at(-1);
  if (last === undefined) return;
  // One that could not be ended for long frees nothing.
  const since = clock().getTime() - timings.drainPatienceMs;
  if ((await sweeps.ending()).some(({ drainingAt }) => drainingAt !== null && drainingAt.getTime() > since))
    return;
  if (await store.retireIdle(last.id, "made_room"))
    log.info(
      { machineId: last.id, lacking },
      "A machine left the pool for a run that waits for what it has.",
    );
}

const kindOfIdle = ({ machineKind }: IdleMachine) => machineKind;

interface KindWish {
  machineKind: MachineKind;
  size: number;
  fleetMax: number;
  /** Of what comes. */
  demand: PoolDemand[];
}

async function keepKind(
  parts: PoolParts,
  wish: KindWish,
  idle: IdleMachine[],
  launcher: Launcher,
  images: MachineImages,
): Promise<void> {
  const { sweeps, store, timings, clock, log } = parts;
  const { machineKind, size } = wish;
  const now = clock();
  const since = new Date(now.getTime() - timings.poolMemoryMs);
  const { demand, failedAt } = await sweeps.poolHistory(machineKind, since, now);
  const asked = [...demand, ...wish.demand];
  const wished = (asked.length > 0 ? asked : [unknown(machineKind)]).map((one) => ({
    ...one,
    leaseUntil: leaseFor({ ...one, machineKind }, timings, now),
  }));
  const plan = planPool(idle, { size, demand: wished });
  await actOnEach(log, "machine-pool", plan.retire, async ({ id, code }) => {
    if (await store.retireIdle(id, code))
      log.info({ machineId: id, reason: poolReasons[code] }, "A machine left the pool.");
  });
  // A machine that cannot start its Kubernetes would end and be made again without end.
  const failing = failedAt !== null && isWithin(timings.imagePauseMs, failedAt, now);
  if (plan.launch.length === 0 || failing || images.ask(machineKind) !== null) return;
  for (const next of plan.launch.slice(0, launchesAPass)) {
    if (launcher.isPaused(machineKind)) return;
    const launch = await launchIdle(parts, wish, next, launcher, images, now);
    await report(parts, launcher.provider, launch);
    if (launch.outcome !== "launched") return;
  }
}

async function launchIdle(
  { store, timings }: PoolParts,
  { machineKind, size, fleetMax }: KindWish,
  next: PoolPlan["launch"][number],
  launcher: Launcher,
  images: MachineImages,
  now: Date,
): Promise<LaunchOutcome> {
  const limits = {
    ...{ size, fleetMax },
    machineKinds: images.ready().filter((kind) => !launcher.isPaused(kind)),
    leaseOf: (exercise: Parameters<typeof leaseFor>[0]) => leaseFor(exercise, timings, now),
    usdPerHourOf: (kind: MachineKind, market: Market) => launcher.lastPriceOf(kind, market),
  };
  // Twice what a run needs, or each would be replaced as soon as it is there.
  const twice = now.getTime() + 2 * (next.leaseUntil.getTime() - now.getTime());
  const leaseUntil = new Date(Math.max(now.getTime() + timings.poolLeaseMs, twice));
  return launcher.launch(machineKind, leaseUntil, (machine) =>
    store.requestIdle({ ...machine, poolNodes: next.nodes }, limits),
  );
}

/** An instant that lies further ahead than the span is from before the clock was set back, and says nothing. */
const isWithin = (spanMs: number, at: Date, now: Date) => Math.abs(now.getTime() - at.getTime()) < spanMs;

/** Once for each other number of machines, with the reasons that it has then. */
function tellChanges({ log }: PoolParts, told: Map<MachineKind, number>, held: readonly HeldKind[]): void {
  for (const kind of told.keys())
    if (!held.some((one) => one.kind === kind)) {
      told.delete(kind);
      log.info({ machineKind: kind, machines: 0 }, "No machine of this kind is held ahead any more.");
    }
  for (const { kind, machines, why } of held) {
    if (told.get(kind) === machines) continue;
    told.set(kind, machines);
    log.info({ machineKind: kind, machines, why }, "Machines are held ahead.");
  }
}

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
