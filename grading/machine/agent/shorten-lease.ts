import { rename, writeFile } from "node:fs/promises";
import type { Clock, Monotonic } from "#course/clock.ts";

/** Two words for one end differ by as much: what tells of a jump of the clock is not exact, nor are whole seconds. */
const toleranceMs = 1000;

/**
 * Says to the power-off timer, through a file that it reads every few seconds, when the lease ends sooner. Only ever
 * shorter: an instant that is no sooner than what the timer knows changes nothing, here as there. Sooner is meant by
 * the time that passes: once the clock was set, instants of before and after cannot be compared. A word that was heard
 * before says nothing new: it may be from before the clock was set.
 */
export function createLeaseShortener(
  file: string,
  lease: string,
  time: { clock: Clock; monotonic: Monotonic },
): (leaseUntil: string) => Promise<void> {
  const endsAt = (instant: string) => time.monotonic() + Date.parse(instant) - time.clock().getTime();
  let end = endsAt(lease);
  const heard = new Set([lease]);
  const shorten = async (leaseUntil: string) => {
    if (heard.has(leaseUntil)) return;
    const sooner = endsAt(leaseUntil);
    if (sooner <= end - toleranceMs) {
      // Whole from the first moment: the timer may read it now.
      await writeFile(`${file}.new`, `${Math.floor(Date.parse(leaseUntil) / 1000)}\n`, { mode: 0o600 });
      await rename(`${file}.new`, file);
      end = sooner;
    }
    heard.add(leaseUntil);
  };
  let last: Promise<void> = Promise.resolve();
  return (leaseUntil) => {
    const next = () => shorten(leaseUntil);
    // One after the other, whatever became of the one before.
    last = last.then(next, next);
    return last;
  };
}
