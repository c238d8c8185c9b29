/** A flood of newcomers keeps nobody waiting for more turns than these: some hundredths of a second. */
const mostTurns = 1_000;

export type WhenQuiet = (then: () => void) => void;

export interface Newcomers {
  /** A connection or a request has come. */
  heard(): void;
  /** Calls `then` after a turn of the process in which none came, or after mostTurns. */
  whenQuiet: WhenQuiet;
}

/**
 * Node accepts one connection each time that it looks at the network, and looks once between two pieces of work: with
 * a page in each of those, an upload would wait unheard behind every connection that came before it. So the next
 * piece of work that may wait begins when nobody is at the door.
 */
export function createNewcomers(): Newcomers {
  let count = 0;
  return {
    heard() {
      count += 1;
    },
    whenQuiet(then) {
      let seen = count;
      let turns = 0;
      const look = () => {
        turns += 1;
        if (count === seen || turns >= mostTurns) {
          then();
          return;
        }
        seen = count;
        setImmediate(look);
      };
      setImmediate(look);
    },
  };
}
