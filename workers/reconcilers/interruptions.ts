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
  // A worker before this one may have told it and ended.
  let told = true;

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
    }
    await sleep(timings.interruptionPauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
  };
  const hear = async (): Promise<InstanceEvent[]> => {
    try {
      const heard = await events.receive(stopping.signal);
      if (told) await store.settleNotice(notice);
      if (deafSince !== null) log.info("Interruptions are heard again.");
      told = false;
      deafSince = null;
      return heard;
    } catch (err) {
      if (!stopping.signal.aborted) await deaf(err);
      return [];
    }
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
    pass: async () => actOnEach(log, "interruptions", await hear(), act),
    interrupt: () => stopping.abort(),
  };
}
