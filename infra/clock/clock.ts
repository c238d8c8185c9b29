import type { Clock } from "#course/clock.ts";

/** The only place outside the agent that reads the time. */
export const systemClock: Clock = () => new Date();
