import type { FleetParts } from "./fleet-parts.ts";
import type { Reconciler } from "./loop.ts";

/**
 * Machines that another provider made, such as the one before the set-up was changed: every loop leaves them alone,
 * since their provider is asked about them and nobody else, and staff are told once a worker.
 */
export function foreignMachines(
  parts: Pick<FleetParts, "sweeps" | "store" | "provider" | "timings" | "log">,
): Reconciler {
  const { store, provider: own } = parts;
  // What an earlier worker told of this one is over.
  const told = new Set([own.name]);
  const over = async (provider: string) => {
    await store.settleNotice({ action: "fleet.foreign-machines", subject: `provider:${provider}` });
    told.delete(provider);
  };
  return {
    name: "foreign-machines",
    everyMs: parts.timings.every.foreignMachines,
    pass: async () => {
      const foreign = await parts.sweeps.foreign();
      const there = new Set(foreign.map(({ provider }) => provider));
      for (const provider of told) if (!there.has(provider)) await over(provider);
      for (const { provider, machines } of foreign) {
        if (told.has(provider)) continue;
        const count = machines === 1 ? "1 machine" : `${machines} machines`;
        await store.tellStaff({
          action: "fleet.foreign-machines",
          subject: `provider:${provider}`,
          reason: `${count} of ${provider} can not be ended, because the worker makes machines of ${own.name}: start a worker for ${provider}, or end them there by hand.`,
        });
        told.add(provider);
        parts.log.warn({ provider, machines }, "Machines of another provider are left alone.");
      }
    },
  };
}
