const weekMs = 7 * 86_400_000;

/** Whether an instant is so long ago that its day says more than its time, or than how long that is. */
export const isOld = (at: Date, now: Date) => now.getTime() - at.getTime() > weekMs;
