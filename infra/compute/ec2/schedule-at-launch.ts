import { type LeaseSchedules, scheduledEnd } from "#grading/machines/ending/lease-schedules.ts";
import { limited } from "#grading/machines/launching/limit-calls.ts";
import type { MachineProvider } from "#grading/machines/provider.ts";

/** Nobody waits for it, and a call that hangs is not kept. */
const limitMs = 20_000;

/**
 * The same provider, whose every launch has a schedule made that ends the machine should this process not live so long.
 * The launch waits for none of it: a machine whose schedule is lacking grades all the same, and the worker's loop tries
 * again.
 */
export function scheduleAtLaunch(
  provider: MachineProvider,
  schedules: LeaseSchedules,
  onError: (error: unknown, machineId: string) => void,
): MachineProvider {
  return {
    ...provider,
    launch: async (spec, signal) => {
      const instance = await provider.launch(spec, signal);
      const { machineId, instanceId } = instance;
      const end = scheduledEnd(machineId, instanceId, new Date(spec.userData.leaseUntil));
      if (instance.state !== "gone")
        void limited("making a schedule", limitMs, (ending) => schedules.make(end, ending)).catch(
          (error: unknown) => onError(error, machineId),
        );
      return instance;
    },
  };
}
