type Happening = () => Promise<void> | void;

interface Entry {
  at: number;
  /** Of two at one instant the one that was written down first is first. */
  order: number;
  happen: Happening;
}

/** The simulated clock, and what is still to happen: a heap by time. */
export class Timeline {
  readonly #heap: Entry[] = [];
  #now: number;
  #written = 0;
  happened = 0;

  constructor(start: Date) {
    this.#now = start.getTime();
  }

  readonly clock = () => new Date(this.#now);
  readonly monotonic = () => this.#now;

  get nowMs(): number {
    return this.#now;
  }

  /** What is late happens now. */
  at(instantMs: number, happen: Happening): void {
    const entry = { at: Math.max(instantMs, this.#now), order: this.#written++, happen };
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Entry;
      if (!isBefore(entry, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  in(milliseconds: number, happen: Happening): void {
    this.at(this.#now + milliseconds, happen);
  }

  /** Until nothing is left to happen. */
  async run(): Promise<void> {
    for (let next = this.#take(); next !== null; next = this.#take()) {
      this.#now = next.at;
      this.happened += 1;
      await next.happen();
    }
  }

  #take(): Entry | null {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return null;
    if (heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) child += 1;
      if (!isBefore(heap[child] as Entry, last)) break;
      heap[index] = heap[child] as Entry;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

const isBefore = (a: Entry, b: Entry) => a.at < b.at || (a.at === b.at && a.order < b.order);
