/** The current instant. Use cases take one; rules take the `now` it returned. */
export type Clock = () => Date;

export const dayMs = 86_400_000;

/** Milliseconds that only ever go on, from any start: neither setting the clock nor a computer's sleep shows in them. */
export type Monotonic = () => number;
