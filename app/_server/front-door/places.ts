import type { WhenQuiet } from "./quiet-turn.ts";

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

/**
 * whenQuiet: when the next one may enter; without it at once, and who waited after a look at the network. Addresses
 * take turns: however many wait behind one of them, another's next one waits for one of each.
 */
export function createPlaces(bounds: PlaceBounds, whenQuiet?: WhenQuiet): Places {
  const inside = new Map<string, number>();
  /** In the order of their turns; none without anybody waiting. */
  const lines = new Map<string, Set<Waiter>>();
  let underWay = 0;
  let waiting = 0;
  let soon = false;

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
      admitSoon();
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

  /**
   * One after the other, with a look at what has come by the network between them: whoever entered as the last one
   * left would never let the process hear an upload.
   */
  function admitSoon(): void {
    if (soon || waiting === 0 || underWay >= bounds.inAll) return;
    soon = true;
    (whenQuiet ?? setImmediate)(() => {
      soon = false;
      if (admitOne()) admitSoon();
    });
  }

  /** Only addresses that have all of their places are passed over: a few at most. */
  function admitOne(): boolean {
    if (underWay >= bounds.inAll) return false;
    for (const [address, line] of lines) {
      const [first] = line;
      if (first === undefined || !hasRoom(address)) continue;
      leaveLine(address, first);
      // To the end of the turns.
      if (line.size > 0) {
        lines.delete(address);
        lines.set(address, line);
      }
      first.enter(take(address));
      return true;
    }
    return false;
  }

  return {
    ask(address, enter, refuse) {
      if (!whenQuiet && hasRoom(address) && !lines.has(address)) {
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
      admitSoon();
      return () => void leaveLine(address, waiter);
    },
    underWay: () => underWay,
    waiting: () => waiting,
  };
}
