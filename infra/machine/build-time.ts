/** Before so much of it is done, what was measured elsewhere says more about a build than how it went here. */
const sureAfterSeconds = 20;

/**
 * Seconds that a build still takes. total: what it took where it was measured, in seconds; fraction: how much of it is
 * done, 0 to 1; elapsed: the seconds since it began.
 */
export function timeLeft(total: number, fraction: number, elapsed: number): number {
  const measured = total * (1 - fraction);
  const done = total * fraction;
  if (done < sureAfterSeconds) return Math.round(measured);
  return Math.round(measured * (elapsed / done));
}

/** In words: about 40 seconds, about a minute, about 3 minutes. */
export function inMinutes(seconds: number): string {
  if (seconds < 55) return `about ${Math.max(10, Math.ceil(seconds / 10) * 10)} seconds`;
  const minutes = Math.round(seconds / 60);
  return minutes <= 1 ? "about a minute" : `about ${minutes} minutes`;
}
