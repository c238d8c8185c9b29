import { type LeaseSchedules, scheduledEnd } from "#grading/machines/ending/lease-schedules.ts";
import { limited } from "#grading/machines/launching/limit-calls.ts";
import type { FleetParts } from "./kit/fleet-parts.ts";
import type { Reconciler } from "./kit/loop.ts";

/**
 * Sees that each machine has the schedule that ends it with every process of Drydock dead. It is asked for at launch;
 * here one that failed is tried again, and staff are told while one is lacking: the machine grades all the same. The
 * schedule of a machine that is gone is removed; one whose worker ended before fires at a machine that is gone, and
 * removes itself.
 */
export function leaseSchedules(
  parts: Pick<FleetParts, "sweeps" | "store" | "provider" | "timings" | "clock" | "log">,
  schedules: LeaseSchedules,
): Reconciler {
  const { sweeps, store, provider, timings, clock, log } = parts;
  const notice = { action: "fleet.no-schedule", subject: `provider:${provider.name}` } as const;
  const seen = new Set<string>();
  /** null: a worker before this one may have told staff something and ended. */
  let last: "well" | "lacking" | null = null;

  const ask = (call: string, work: (signal: AbortSignal) => Promise<void>) =>
    limited(call, timings.providerLimitMs.list, work);
  const makeLacking = async (): Promise<{ asked: number; failures: unknown[] }> => {
    let asked = 0;
    const machines = [...(await sweeps.working()), ...(await sweeps.ending())];
    const failures: unknown[] = [];
    for (const { id, instanceId, leaseUntil } of machines) {
      if (instanceId === null) continue;
      const end = scheduledEnd(id, instanceId, leaseUntil);
      // Its time is over, which the other loops see to.
      if (end.at <= clock()) continue;
      seen.add(id);
      asked += 1;
      await ask("making a schedule", (signal) => schedules.make(end, signal)).catch((error: unknown) =>
        failures.push(error),
      );
    }
    return { asked, failures };
  };
  const removeOver = async (known: string[]) => {
    for (const [id, { state }] of await sweeps.byIds(known)) {
      if (state !== "terminated") continue;
      seen.delete(id);
      await ask("removing a schedule", (signal) => schedules.remove(id, signal)).catch((err: unknown) =>
        log.warn(
          { err, machineId: id },
          "A schedule was not removed; it removes itself when its time comes.",
        ),
      );
    }
  };
  return {
    name: "lease-schedules",
    everyMs: timings.every.leaseSchedules,
    pass: async () => {
      const { asked, failures } = await makeLacking();
      const [err] = failures;
      // Where there is no machine nothing was tried, so what lacked before still does.
      const now = asked === 0 ? last : failures.length === 0 ? "well" : "lacking";
      if (now !== last && now === "well") await store.settleNotice(notice);
      if (now !== last && now === "lacking") {
        const why = err instanceof Error ? err.message : String(err);
        log.error({ err, machines: failures.length }, "Machines have no schedule; it is tried again.");
        await store.tellStaff({
          ...notice,
          reason: `Machines run without a schedule that ends them. ${why}`,
        });
      }
      last = now;
      await removeOver([...seen]);
    },
  };
}
