import type { FleetParts } from "./kit/fleet-parts.ts";
import type { Reconciler } from "./kit/loop.ts";

const key = { action: "fleet.former-machines", subject: "fleet:former" } as const;
/** As many as a sentence bears. */
const named = 5;

/**
 * Machines that were asked for before this installation had its id: an upgrade or a copy of a database came while they
 * lived. They are in no list of this installation, so they are taken for lost and ended by their names. Staff are told
 * once a worker, by name, until all are gone.
 */
export function formerMachines(
  parts: Pick<FleetParts, "sweeps" | "store" | "provider" | "timings" | "log">,
): Reconciler {
  let told = false;
  let over = false;
  return {
    name: "former-machines",
    everyMs: parts.timings.every.foreignMachines,
    pass: async () => {
      if (over) return;
      const former = await parts.sweeps.former();
      if (former.length === 0) {
        await parts.store.settleNotice(key);
        // None is added: what is asked for from now on is asked for later.
        over = true;
        return;
      }
      if (told) return;
      await parts.store.tellStaff({ ...key, reason: reasonOf(parts.provider.name, former) });
      told = true;
      parts.log.warn({ machines: former }, "Machines are left from before this installation had its id.");
    },
  };
}

function reasonOf(provider: string, former: { id: string; instanceId: string | null }[]): string {
  const names = former.slice(0, named).map(({ id, instanceId }) => instanceId ?? id);
  const more = former.length > named ? ` and ${former.length - named} more` : "";
  const machines = former.length === 1 ? "machine was" : "machines were";
  return `${former.length} ${machines} started before this installation had its id (${names.join(", ")}${more}): Drydock ends what it finds of them; see that none is left at ${provider}.`;
}
