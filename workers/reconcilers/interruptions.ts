import { setTimeout as sleep } from "node:timers/promises";
import type { InstanceEvent, InstanceEvents } from "#grading/machines/answering/instance-events.ts";
import { actOnEach } from "./kit/act-on-each.ts";
import type { FleetParts } from "./kit/fleet-parts.ts";
import type { Reconciler } from "./kit/loop.ts";

/**
 * Hears from the provider which instances it takes back, beside what they say of it themselves; whichever comes first
 * counts, and what comes second finds the machine ended. Events of instances that are nobody's here, such as another
 * Drydock's in the same account, are passed over; so is one whose launch is not written down yet, which tells of it
 * itself. One that cannot be read is left, and put aside by the queue itself.
 * Several workers may listen: each event is one's, and is told again when that one dies with it.
 */
export function interruptions(
  parts: Pick<FleetParts, "sweeps" | "store" | "provider" | "timings" | "clock" | "log">,
  events: InstanceEvents,
): Reconciler {
  const { sweeps, store, provider, timings, clock, log } = parts;
  const notice = { action: "fleet.interruptions-unheard", subject: `provider:${provider.name}` } as const;
  const stopping = new AbortController();
  let deafSince: Date | null = null;
  let told = false;
  // A worker before this one may have told it and ended.
  let mayBeOpen = true;

  const deaf = async (err: unknown) => {
    const now = clock();
    if (deafSince === null) {
      log.error({ err }, "Interruptions cannot be heard; machines tell of theirs themselves.");
      deafSince = now;
      told = false;
    }
    if (!told && Math.abs(now.getTime() - deafSince.getTime()) >= timings.providerPatienceMs) {
      const why = err instanceof Error ? err.message : String(err);
      await store.tellStaff({ ...notice, reason: `Interruptions are heard from machines alone. ${why}` });
      told = true;
      mayBeOpen = true;
    }
    await sleep(timings.interruptionPauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
  };
  /** null: nobody could be asked. */
  const hear = async (): Promise<InstanceEvent[] | null> => {
    try {
      return await events.receive(stopping.signal);
    } catch (err) {
      if (!stopping.signal.aborted) await deaf(err);
      return null;
    }
  };
  const hears = async () => {
    if (deafSince !== null) log.info("Interruptions are heard again.");
    deafSince = null;
    if (mayBeOpen) await store.settleNotice(notice);
    mayBeOpen = false;
  };
  const act = async ({ said, done }: InstanceEvent) => {
    if (said.kind === "unreadable") {
      log.warn({ why: said.why }, "An event about instances cannot be read; it is left to be put aside.");
      return;
    }
    if (said.kind === "notice") {
      const machineId = await sweeps.byInstance(said.instanceId);
      if (machineId !== null) {
        await store.takeNotice(machineId, said.notice);
        log.warn({ machineId, ...said }, "The provider says that it takes an instance back, or may soon.");
      }
    }
    // Only now: one that could not be handled is told again.
    await done();
  };
  return {
    name: "interruptions",
    everyMs: timings.every.interruptions,
    pass: async () => {
      const heard = await hear();
      if (heard === null) return;
      await actOnEach(log, "interruptions", heard, act);
      await hears();
    },
    interrupt: () => stopping.abort(),
  };
}
