import { foreignOver } from "#grading/machines/compare-fleet.ts";
import { actOnEach } from "./kit/act-on-each.ts";
import type { FleetParts } from "./kit/fleet-parts.ts";
import type { Reconciler } from "./kit/loop.ts";

/**
 * Machines that another provider made, such as the one before the set-up was changed: every loop leaves them alone,
 * since their provider is asked about them and nobody else, and staff are told once a worker. Their runs are not left:
 * a machine that is past its lease and silent ends itself, so its run goes back to the queue. Whether it has is for
 * its provider's worker to find out, which ends what is draining; until then staff stay told.
 */
export function foreignMachines(
  parts: Pick<FleetParts, "sweeps" | "store" | "provider" | "timings" | "watch" | "log">,
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
      await freeRuns(parts);
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

async function freeRuns({
  sweeps,
  store,
  timings,
  watch,
  log,
}: Pick<FleetParts, "sweeps" | "store" | "timings" | "watch" | "log">): Promise<void> {
  const heard = await watch.look();
  const over = (await sweeps.foreignOverdue(heard.now)).filter((one) => foreignOver(one, timings, heard));
  await actOnEach(log, "foreign-machines", over, async ({ id }) => {
    const reason = "The machine of another provider was not heard of until its time was up.";
    const { moved } = await store.endMachine({
      machineId: id,
      how: "drain",
      reason,
      excused: true,
      onlyIf: (current) => foreignOver(current, timings, heard),
    });
    if (moved) log.warn({ machineId: id }, reason);
  });
}
