export interface BoundedCache<Value> {
  /** undefined when it is not kept, or no more. */
  get(key: string): Value | undefined;
  /** weight: about how many bytes the value takes. */
  set(key: string, value: Value, weight: number): void;
}

/** Keeps what was used last, up to a weight in all; one value heavier than a quarter of it is not kept at all. */
export function createBoundedCache<Value>(mostWeight: number): BoundedCache<Value> {
  // A map goes through its keys in the order in which they came in: the first is the one not used for longest.
  const kept = new Map<string, { value: Value; weight: number }>();
  let total = 0;
  const drop = (key: string) => {
    total -= kept.get(key)?.weight ?? 0;
    kept.delete(key);
  };
  return {
    get(key) {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      kept.delete(key);
      kept.set(key, found);
      return found.value;
    },
    set(key, value, weight) {
      drop(key);
      if (weight > mostWeight / 4) return;
      kept.set(key, { value, weight });
      total += weight;
      for (const oldest of kept.keys()) {
        if (total <= mostWeight) return;
        drop(oldest);
      }
    },
  };
}
