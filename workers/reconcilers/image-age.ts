import { dayMs } from "#course/clock.ts";
import { AppError } from "#course/errors.ts";
import { limited } from "#grading/machines/launching/limit-calls.ts";
import { type MachineKind, plainKinds, titleOf } from "#grading/machines/machine-kind.ts";
import type { MachineImageStore } from "#infra/db/machines/machine-image-store.ts";
import { actOnEach } from "./kit/act-on-each.ts";
import type { FleetParts } from "./kit/fleet-parts.ts";
import type { Reconciler } from "./kit/loop.ts";

interface DescribedImage {
  image: string;
  madeAt: Date;
  versions: Partial<Record<string, string>>;
}

/** What machines are made from, as it is on this computer. */
export interface AgedImages {
  /** null: there is none. */
  describe(machineKind: MachineKind): Promise<DescribedImage | null>;
  /** Makes it anew if its packages are older; what is there stays until then. Rejects when that fails, or the signal ends it. */
  renew(machineKind: MachineKind, notBefore: Date, signal: AbortSignal): Promise<void>;
  /** Aborted: the worker stops. */
  signal: AbortSignal;
}

/**
 * Keeps machine images young: their packages are those of the day on which they were made. A new one is made while no
 * run grades, or a day later in any case; runs go on with the old one. One that cannot be made anew is told to staff
 * and goes on: an old machine is better than none. Each try costs processors that runs would have, so the pause before
 * the next one grows.
 */
export function imageAge(
  parts: Pick<FleetParts, "sweeps" | "store" | "timings" | "clock" | "log">,
  images: AgedImages,
  kept: MachineImageStore,
  days: number,
): Reconciler {
  const { store, clock, log, timings } = parts;
  const limits = timings.imageLimitMs;
  const describe = (machineKind: MachineKind) =>
    limited(`describing the image for ${machineKind}`, limits.describe, () => images.describe(machineKind));
  const renew = (machineKind: MachineKind, notBefore: Date) =>
    limited(
      `making the image for ${machineKind}`,
      limits.make,
      (signal) => images.renew(machineKind, notBefore, signal),
      images.signal,
    );
  const failed = new Map<MachineKind, { at: Date; pauseMs: number }>();
  const look = async (machineKind: MachineKind) => {
    const found = await describe(machineKind);
    if (found === null) return;
    await kept.note(machineKind, found, clock());
    const notBefore = new Date(clock().getTime() - days * dayMs);
    const notice = noticeOf(machineKind);
    if (found.madeAt >= notBefore) {
      failed.delete(machineKind);
      return store.settleNotice(notice);
    }
    const before = failed.get(machineKind);
    // One that lies ahead is from before the clock was set back.
    if (before && Math.abs(clock().getTime() - before.at.getTime()) < before.pauseMs) return;
    const late = clock().getTime() - found.madeAt.getTime() > (days + 1) * dayMs;
    if (!late && (await isGrading(parts))) return;
    log.info({ machineKind, madeAt: found.madeAt }, "A machine image is old and is made anew.");
    try {
      await renew(machineKind, notBefore);
    } catch (err) {
      if (images.signal.aborted) return;
      const { first, longest } = timings.imageRenewPauseMs;
      const pauseMs = before ? Math.min(longest, 2 * before.pauseMs) : first;
      failed.set(machineKind, { at: clock(), pauseMs });
      log.error({ err, machineKind, pauseMs }, "A machine image could not be made anew.");
      const why = err instanceof AppError ? err.userMessage : String(err);
      const made = found.madeAt.toISOString().slice(0, 10);
      const reason = `${titleOf(machineKind)} was made on ${made} and could not be made anew: ${why}`;
      return store.tellStaff({ ...notice, reason });
    }
    failed.delete(machineKind);
    const made = await describe(machineKind);
    if (made !== null) await kept.note(machineKind, made, clock());
    await store.settleNotice(notice);
  };
  return {
    name: "image-age",
    everyMs: timings.every.imageAge,
    pass: async () => {
      const kinds = new Set([...plainKinds(), ...(await parts.sweeps.kindsInUse())]);
      await actOnEach(log, "image-age", [...kinds], look);
      // What no exercise asks for any more is nobody's trouble.
      for (const machineKind of await kept.keepOnly([...kinds]))
        await store.settleNotice(noticeOf(machineKind));
    },
  };
}

const noticeOf = (machineKind: MachineKind) =>
  ({ action: "machine-image.old", subject: `image:${machineKind}` }) as const;

/** Machines that only wait in the pool are no reason to wait. */
async function isGrading({ sweeps }: Pick<FleetParts, "sweeps">): Promise<boolean> {
  const waiting = new Set((await sweeps.idle()).map(({ id }) => id));
  return (await sweeps.working()).some(({ id }) => !waiting.has(id));
}
