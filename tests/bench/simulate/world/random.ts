/** Random numbers that are the same for the same seed, on every computer. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 on and less than 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  between(least: number, most: number): number {
    return least + (most - least) * this.next();
  }

  chance(of: number): boolean {
    return this.next() < of;
  }

  /** The first whose weight reaches; weights sum up to 1. */
  pick<Value>(weighted: readonly (readonly [weight: number, value: Value])[]): Value {
    let rest = this.next();
    for (const [weight, value] of weighted) {
      rest -= weight;
      if (rest < 0) return value;
    }
    const last = weighted.at(-1);
    if (last === undefined) throw new Error("There is nothing to pick from.");
    return last[1];
  }
}
