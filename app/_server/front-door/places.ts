export interface PlaceBounds {
  /** Under way at once. */
  inAll: number;
  perAddress: number;
  /** Waiting for that, beyond which the newest is refused. */
  waitingInAll: number;
  waitingPerAddress: number;
  /** How long one waits before it is refused. */
  waitMs: number;
}

/** full: too many wait already; waited: its time is over. */
export type NoPlace = "full" | "waited";

export interface Places {
  /**
   * Calls `enter` at once or when it is this one's turn, with what leaves the place again (calling that twice does
   * nothing); or `refuse`. What it returns gives up waiting.
   */
  ask(address: string, enter: (leave: () => void) => void, refuse: (why: NoPlace) => void): () => void;
  underWay(): number;
  waiting(): number;
}

interface Waiter {
  enter: (leave: () => void) => void;
  timer: NodeJS.Timeout;
}

/** Addresses take turns: however many wait behind one of them, another's next one waits for one of each. */
export function createPlaces(bounds: PlaceBounds): Places {
  const inside = new Map<string, number>();
  /** In the order of their turns; none without anybody waiting. */
  const lines = new Map<string, Set<Waiter>>();
  let underWay = 0;
  let waiting = 0;

  const hasRoom = (address: string) =>
    underWay < bounds.inAll && (inside.get(address) ?? 0) < bounds.perAddress;

  function take(address: string): () => void {
    underWay += 1;
    inside.set(address, (inside.get(address) ?? 0) + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      underWay -= 1;
      const left = (inside.get(address) ?? 1) - 1;
      if (left === 0) inside.delete(address);
      else inside.set(address, left);
      admit();
    };
  }

  function leaveLine(address: string, waiter: Waiter): boolean {
    const line = lines.get(address);
    if (!line?.delete(waiter)) return false;
    clearTimeout(waiter.timer);
    waiting -= 1;
    if (line.size === 0) lines.delete(address);
    return true;
  }

  /** Only addresses that have all of their places are passed over: a few at most. */
  function admit(): void {
    for (const [address, line] of lines) {
      if (underWay >= bounds.inAll) return;
      if (!hasRoom(address)) continue;
      const [first] = line;
      if (first === undefined) continue;
      leaveLine(address, first);
      // To the end of the turns; the loop comes by again.
      if (line.size > 0) {
        lines.delete(address);
        lines.set(address, line);
      }
      first.enter(take(address));
    }
  }

  return {
    ask(address, enter, refuse) {
      if (hasRoom(address) && !lines.has(address)) {
        enter(take(address));
        return () => undefined;
      }
      const line = lines.get(address) ?? new Set();
      if (waiting >= bounds.waitingInAll || line.size >= bounds.waitingPerAddress) {
        refuse("full");
        return () => undefined;
      }
      const waiter: Waiter = {
        enter,
        timer: setTimeout(() => {
          if (leaveLine(address, waiter)) refuse("waited");
        }, bounds.waitMs),
      };
      line.add(waiter);
      lines.set(address, line);
      waiting += 1;
      return () => void leaveLine(address, waiter);
    },
    underWay: () => underWay,
    waiting: () => waiting,
  };
}
