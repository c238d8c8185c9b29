import type { Clock } from "#course/clock.ts";
import {
  type Instance,
  LaunchError,
  type LaunchSpec,
  type MachineProvider,
} from "#grading/machines/provider.ts";

/** lost-reply: the machine exists, but the caller is told that nobody answered. */
export type FakeLaunchFailure = LaunchError["kind"] | "lost-reply";

export interface FakeProvider extends MachineProvider {
  /** Every call of launch that came in, the failed ones too. */
  readonly launches: readonly LaunchSpec[];
  /** The next launches fail so, in this order; later ones succeed again. */
  failLaunches(...failures: FakeLaunchFailure[]): void;
  /** The next calls of this kind are throttled. */
  throttle(call: "list" | "terminate", times: number): void;
  /** Machines launched from now on are pending for so long. */
  bootFor(milliseconds: number): void;
  /** The provider takes the machine away, as a spot instance is: it stays listed as gone. */
  interrupt(instanceId: string): void;
  /** While true no call is answered, and none does anything. */
  beAway(away: boolean): void;
  /** So many machines there can be, others are refused for want of capacity; null: any number. Those that are there stay. */
  limitCapacity(machines: number | null): void;
  /** How many there are; one that was taken away is not, though it is still listed. */
  count(): number;
  /** Whether the machine is there and was not taken away. */
  isAlive(instanceId: string): boolean;
  /** What its agent does when it has nothing left to do, which removes the machine. */
  powerOff(instanceId: string): void;
  /** What its agent does with the run's lease: the machine's own timer goes off by then, sooner where that was sooner. */
  shortenLease(instanceId: string, until: Date): void;
  /** Every machine that there ever was, in the order in which they were made. */
  lives(): readonly FakeLife[];
}

/** What a provider's bill is made of. */
export interface FakeLife {
  machineId: string;
  launchedAt: Date;
  /** null: it lives. */
  endedAt: Date | null;
  interrupted: boolean;
  /** In force when it was launched. */
  usdPerHour: number;
}

export interface FakeProviderOptions {
  clock: Clock;
  /** By the hour; by default what the course's c5d.large costs. */
  usdPerHour?: number | ((now: Date) => number);
  /** Told of every machine that is made, also where the caller is not. */
  onMade?: (spec: LaunchSpec, instanceId: string) => void;
  /** false: no machine's own timer ever goes off. */
  timersWork?: boolean;
}

interface FakeMachine {
  machine: Omit<Instance, "state">;
  runningAt: number;
  life: FakeLife;
}

/** A provider in memory that fails on demand and lives by the clock it is given. */
export function createFakeProvider(options: FakeProviderOptions): FakeProvider {
  const { clock, usdPerHour = 0.0326, timersWork = true } = options;
  const priceAt = (now: Date) => (typeof usdPerHour === "number" ? usdPerHour : usdPerHour(now));
  const machines = new Map<string, FakeMachine>();
  const lives: FakeLife[] = [];
  let isAway = false;
  let most: number | null = null;
  const launches: LaunchSpec[] = [];
  const failures: FakeLaunchFailure[] = [];
  const throttled = { list: 0, terminate: 0 };
  let bootMs = 0;

  function remove(instanceId: string, endedAt: Date): void {
    const found = machines.get(instanceId);
    if (found === undefined) return;
    found.life.endedAt ??= endedAt;
    machines.delete(instanceId);
  }

  /** A machine powers itself off at its lease's end, and power-off removes it. */
  function sweepLeases(): void {
    if (!timersWork) return;
    const now = clock();
    for (const [id, { machine, life }] of machines) {
      if (!life.interrupted && machine.leaseUntil <= now) remove(id, machine.leaseUntil);
    }
  }

  function refuseWhenThrottled(call: "list" | "terminate"): void {
    if (throttled[call] === 0) return;
    throttled[call] -= 1;
    throw new Error(`The fake provider throttles ${call}.`);
  }

  function refuseWhenAway(): void {
    if (isAway) throw new Error("The fake provider does not answer.");
  }

  function refuseWithoutCapacity({ machineId }: LaunchSpec): void {
    if (most === null) return;
    const there = [...machines.values()].filter(({ life }) => !life.interrupted);
    if (there.length < most || there.some(({ machine }) => machine.machineId === machineId)) return;
    throw new LaunchError("insufficient-capacity", `The fake provider has ${most} machines and no more.`);
  }

  function launchOrFind(spec: LaunchSpec): FakeMachine {
    const instanceId = `fake-${spec.installation}-${spec.machineId}`;
    const known = machines.get(instanceId);
    if (known) return known;
    const now = clock();
    const life = {
      ...{ machineId: spec.machineId, launchedAt: now, endedAt: null, interrupted: false },
      usdPerHour: priceAt(now),
    };
    const made: FakeMachine = {
      machine: {
        instanceId,
        machineId: spec.machineId,
        installation: spec.installation,
        launchedAt: now,
        leaseUntil: new Date(spec.userData.leaseUntil),
        offering: null,
      },
      runningAt: now.getTime() + bootMs,
      life,
    };
    machines.set(instanceId, made);
    lives.push(life);
    options.onMade?.(spec, instanceId);
    return made;
  }

  function show({ machine, runningAt, life }: FakeMachine): Instance {
    const running = clock().getTime() >= runningAt;
    return { ...machine, state: life.interrupted ? "gone" : running ? "running" : "pending" };
  }

  return {
    name: "fake",
    launches,
    async launch(spec) {
      refuseWhenAway();
      sweepLeases();
      launches.push(spec);
      const failure = failures.shift();
      if (failure === undefined || failure === "lost-reply") refuseWithoutCapacity(spec);
      if (failure === "lost-reply") {
        launchOrFind(spec);
        throw new LaunchError("throttled", `The reply to the launch of ${spec.machineId} was lost.`);
      }
      if (failure) throw new LaunchError(failure, `The fake provider fails the launch of ${spec.machineId}.`);
      return show(launchOrFind(spec));
    },
    async list(installation) {
      refuseWhenAway();
      refuseWhenThrottled("list");
      sweepLeases();
      return [...machines.values()].map(show).filter((machine) => machine.installation === installation);
    },
    async terminate(instanceId) {
      refuseWhenAway();
      refuseWhenThrottled("terminate");
      remove(instanceId, clock());
      return "gone";
    },
    async priceOf() {
      refuseWhenAway();
      return priceAt(clock());
    },
    failLaunches(...next) {
      failures.push(...next);
    },
    throttle(call, times) {
      throttled[call] += times;
    },
    bootFor(milliseconds) {
      bootMs = milliseconds;
    },
    interrupt(instanceId) {
      const found = machines.get(instanceId);
      if (!found) throw new Error(`The fake provider has no machine ${instanceId} to interrupt.`);
      found.life.interrupted = true;
      found.life.endedAt ??= clock();
    },
    beAway(away) {
      isAway = away;
    },
    limitCapacity(machineCount) {
      most = machineCount;
    },
    count() {
      sweepLeases();
      return [...machines.values()].filter(({ life }) => !life.interrupted).length;
    },
    isAlive(instanceId) {
      sweepLeases();
      return machines.get(instanceId)?.life.interrupted === false;
    },
    powerOff(instanceId) {
      sweepLeases();
      if (machines.get(instanceId)?.life.interrupted === false) remove(instanceId, clock());
    },
    shortenLease(instanceId, until) {
      const found = machines.get(instanceId);
      if (found !== undefined && until < found.machine.leaseUntil) found.machine.leaseUntil = until;
    },
    lives: () => lives,
  };
}
