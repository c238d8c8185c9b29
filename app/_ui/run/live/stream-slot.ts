/**
 * How many streams a browser holds open, in all its tabs together. Over HTTP/1.1 it has six connections to a host, and
 * the next page must find one free.
 */
const slots = ["drydock-stream-1", "drydock-stream-2", "drydock-stream-3"];

/**
 * One of the browser's few places for a stream that stays open, or null when other tabs have them all. Calling what it
 * gives frees the place; so does the end of the tab, however it ends. Where a browser has no locks, as on a plain
 * http address of another computer, the page in sight has a place.
 */
export async function takeStreamSlot(): Promise<(() => void) | null> {
  if (!("locks" in navigator)) return document.hidden ? null : () => undefined;
  for (const name of slots) {
    const free = await takeLock(name);
    if (free !== null) return free;
  }
  return null;
}

/** Without locks only the page in sight may have a stream. */
export const mayKeepStreamSlot = () => "locks" in navigator || !document.hidden;

/** null: another tab has it. */
function takeLock(name: string): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (lock === null) return resolve(null);
        return new Promise<void>((free) => resolve(() => free()));
      })
      .catch(reject);
  });
}
