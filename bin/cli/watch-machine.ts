import { setTimeout as delay } from "node:timers/promises";
import type { MachineProvider } from "#grading/machines/provider.ts";
import { defaultTimings } from "#grading/machines/timings.ts";
import type { AgentService } from "#grading/protocol/agent-service.ts";
import { systemClock } from "#infra/clock/clock.ts";

/** The provider has no event for a machine that ends, so it is asked. */
const lookEveryMs = 2_000;

/** Passes every call on and remembers whether the machine's agent has called at all. */
export function noteSession(service: AgentService): { service: AgentService; called: () => boolean } {
  let called = false;
  return {
    called: () => called,
    service: {
      ...service,
      openSession: async (token) => {
        const grant = await service.openSession(token);
        called = true;
        return grant;
      },
    },
  };
}

/**
 * Resolves with a sentence when no result can come any more: the machine ended, its agent never called, or the
 * lease is over. Stays pending for ever once `signal` is aborted.
 */
export async function watchMachine(
  provider: MachineProvider,
  machine: { instanceId: string; installation: string; launchedAt: Date; leaseUntil: Date },
  agentCalled: () => boolean,
  signal: AbortSignal,
): Promise<string> {
  while (await pause(signal)) {
    const now = systemClock().getTime();
    if (!agentCalled() && now - machine.launchedAt.getTime() > defaultTimings.bootTimeoutMs) {
      return `The machine did not report within ${defaultTimings.bootTimeoutMs / 1000} seconds of its launch.`;
    }
    if (now > machine.leaseUntil.getTime()) return "The machine's lease ended before it reported a result.";
    const known = await provider.list(machine.installation);
    const found = known.find((one) => one.instanceId === machine.instanceId);
    if (found === undefined || found.state === "stopped" || found.state === "gone") {
      return "The machine ended before it reported a result.";
    }
  }
  return new Promise(() => {});
}

/** false when aborted. */
async function pause(signal: AbortSignal): Promise<boolean> {
  try {
    await delay(lookEveryMs, undefined, { signal });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

/** Ends what an earlier command left behind when it was killed: machines of ours whose lease is over. */
export async function endLeftovers(provider: MachineProvider, installation: string): Promise<void> {
  const now = systemClock();
  for (const machine of await provider.list(installation)) {
    if (machine.leaseUntil < now) await provider.terminate(machine.instanceId);
  }
}
