import type { Monotonic } from "#course/clock.ts";

export type Market = "spot" | "on-demand";

/** Where instances come from: each has a capacity of its own. */
export interface Pool {
  type: string;
  zone: string;
  market: Market;
}

/** Why an instance is not running, as DescribeInstances tells. */
export interface StateReason {
  code:
    | "Client.UserInitiatedShutdown"
    | "Client.InstanceInitiatedShutdown"
    | "Server.SpotInstanceTermination";
  message: string;
}

export const stateReasons = {
  user: {
    code: "Client.UserInitiatedShutdown",
    message: "Client.UserInitiatedShutdown: User initiated shutdown",
  },
  itself: {
    code: "Client.InstanceInitiatedShutdown",
    message: "Client.InstanceInitiatedShutdown: Instance initiated shutdown",
  },
  interrupted: {
    code: "Server.SpotInstanceTermination",
    message: "Server.SpotInstanceTermination: Spot instance termination",
  },
} as const satisfies Record<string, StateReason>;

/** What the proxy knows of an instance beside what moto keeps. Instants are of the monotonic clock, in ms. */
export interface KnownInstance {
  id: string;
  pool: Pool;
  vcpus: number;
  token: string | null;
  shutdownBehaviour: "stop" | "terminate";
  visibleFrom: number;
  /** It was told to end; until `terminatedFrom` it is shutting down. */
  ending: { reason: StateReason; terminatedFrom: number } | null;
  stopped: StateReason | null;
  /** Nothing lists it any more, as an hour after its end. */
  forgotten: boolean;
}

/** Every instance that came through the proxy. */
export function createKnownInstances(now: Monotonic) {
  const byId = new Map<string, KnownInstance>();
  return {
    add: (instance: KnownInstance) => void byId.set(instance.id, instance),
    get: (id: string) => byId.get(id),
    /** Those that hold capacity and quota: everything that was not told to end. */
    alive: () => [...byId.values()].filter((one) => one.ending === null && one.stopped === null),
    isVisible: (id: string) => {
      const known = byId.get(id);
      return !known || (!known.forgotten && now() >= known.visibleFrom);
    },
    isShuttingDown: (id: string) => {
      const ending = byId.get(id)?.ending;
      return ending ? now() < ending.terminatedFrom : false;
    },
    clear: () => byId.clear(),
  };
}

export type KnownInstances = ReturnType<typeof createKnownInstances>;
