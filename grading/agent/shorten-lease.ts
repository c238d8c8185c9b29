import { rename, writeFile } from "node:fs/promises";

/**
 * Says to the power-off timer, through a file that it reads every few seconds, when the lease ends sooner. Only ever
 * shorter: an instant that is no sooner than what the timer knows changes nothing, here as there.
 */
export function createLeaseShortener(file: string, lease: Date): (leaseUntil: string) => Promise<void> {
  let end = lease.getTime();
  const shorten = async (sooner: number) => {
    if (sooner >= end) return;
    // Whole from the first moment: the timer may read it now.
    await writeFile(`${file}.new`, `${Math.floor(sooner / 1000)}\n`, { mode: 0o600 });
    await rename(`${file}.new`, file);
    end = sooner;
  };
  let last: Promise<void> = Promise.resolve();
  return (leaseUntil) => {
    const next = () => shorten(Date.parse(leaseUntil));
    // One after the other, whatever became of the one before.
    last = last.then(next, next);
    return last;
  };
}
