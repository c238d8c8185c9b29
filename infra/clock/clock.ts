import type { Clock, Monotonic } from "#course/clock.ts";

/** The only place outside the agent that reads the time. */
export const systemClock: Clock = () => new Date();

export const systemMonotonic: Monotonic = () => performance.now();
