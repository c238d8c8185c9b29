import type { StateReason } from "./known-instances.ts";
import type { LaunchedInstance } from "./launched-instance.ts";

/** What a runner is told, so that each instance can have a machine. One that throws ends the process. */
export interface Ec2Hooks {
  /** The instance exists, whether or not its caller gets the answer. */
  onLaunch?(instance: LaunchedInstance): void | Promise<void>;
  /** It begins to shut down, for whatever reason; told once. */
  onTerminate?(instanceId: string, reason: StateReason): void | Promise<void>;
  /** It will be interrupted at the time of the notice: what the metadata service says from now on. */
  onNotice?(instanceId: string, notice: InterruptionNotice): void | Promise<void>;
  /** EC2 recommends to replace it: `noticeTime` as the metadata service says it. */
  onRebalance?(instanceId: string, noticeTime: string): void | Promise<void>;
}

/** As under `spot/instance-action`: an ISO time in UTC. */
export interface InterruptionNotice {
  action: "terminate";
  time: string;
}

export interface InstanceHooks {
  subscribe(hooks: Ec2Hooks): () => void;
  launched(instance: LaunchedInstance): void;
  terminated(instanceId: string, reason: StateReason): void;
  noticed(instanceId: string, notice: InterruptionNotice): void;
  rebalanced(instanceId: string, noticeTime: string): void;
}

export function createHooks(): InstanceHooks {
  const subscribed = new Set<Ec2Hooks>();
  /** After the present call, so that no hook holds up or changes an answer. */
  const tell = (call: (hooks: Ec2Hooks) => void | Promise<void> | undefined) => {
    for (const hooks of subscribed) void Promise.resolve().then(() => call(hooks));
  };
  return {
    subscribe(hooks) {
      subscribed.add(hooks);
      return () => void subscribed.delete(hooks);
    },
    launched: (instance) => tell((hooks) => hooks.onLaunch?.(instance)),
    terminated: (id, reason) => tell((hooks) => hooks.onTerminate?.(id, reason)),
    noticed: (id, notice) => tell((hooks) => hooks.onNotice?.(id, notice)),
    rebalanced: (id, time) => tell((hooks) => hooks.onRebalance?.(id, time)),
  };
}
