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
}

interface FakeMachine {
  machine: Omit<Instance, "state">;
  runningAt: number;
  interrupted: boolean;
}

/** A provider in memory that fails on demand and lives by the clock it is given. */
export function createFakeProvider(options: { clock: Clock; usdPerHour?: number }): FakeProvider {
  const machines = new Map<string, FakeMachine>();
  const launches: LaunchSpec[] = [];
  const failures: FakeLaunchFailure[] = [];
  const throttled = { list: 0, terminate: 0 };
  let bootMs = 0;

  /** A machine powers itself off at its lease's end, and power-off removes it. */
  function sweepLeases(): void {
    const now = options.clock();
    for (const [id, { machine, interrupted }] of machines) {
      if (!interrupted && machine.leaseUntil <= now) machines.delete(id);
    }
  }

  function refuseWhenThrottled(call: "list" | "terminate"): void {
    if (throttled[call] === 0) return;
    throttled[call] -= 1;
    throw new Error(`The fake provider throttles ${call}.`);
  }

  function launchOrFind(spec: LaunchSpec): FakeMachine {
    const instanceId = `fake-${spec.installation}-${spec.machineId}`;
    const known = machines.get(instanceId);
    if (known) return known;
    const now = options.clock();
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
      interrupted: false,
    };
    machines.set(instanceId, made);
    return made;
  }

  function show({ machine, runningAt, interrupted }: FakeMachine): Instance {
    const running = options.clock().getTime() >= runningAt;
    return { ...machine, state: interrupted ? "gone" : running ? "running" : "pending" };
  }

  return {
    name: "fake",
    launches,
    async launch(spec) {
      sweepLeases();
      launches.push(spec);
      const failure = failures.shift();
      if (failure === "lost-reply") {
        launchOrFind(spec);
        throw new LaunchError("throttled", `The reply to the launch of ${spec.machineId} was lost.`);
      }
      if (failure) throw new LaunchError(failure, `The fake provider fails the launch of ${spec.machineId}.`);
      return show(launchOrFind(spec));
    },
    async list(installation) {
      refuseWhenThrottled("list");
      sweepLeases();
      return [...machines.values()].map(show).filter((machine) => machine.installation === installation);
    },
    async terminate(instanceId) {
      refuseWhenThrottled("terminate");
      machines.delete(instanceId);
      return "gone";
    },
    async priceOf() {
      return options.usdPerHour ?? 0.0326;
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
      found.interrupted = true;
    },
  };
}
