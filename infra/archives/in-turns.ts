import pLimit, { type LimitFunction } from "p-limit";

/** Runs work for people: so many at once of one of them, so many of all together. */
export function inTurns(ofOne: number, ofAll: number) {
  const all = pLimit(ofAll);
  const turns = new Map<string, LimitFunction>();
  return async <Result>(personId: string, work: () => Promise<Result>): Promise<Result> => {
    const turn = turns.get(personId) ?? pLimit(ofOne);
    turns.set(personId, turn);
    try {
      return await turn(() => all(work));
    } finally {
      if (turn.activeCount + turn.pendingCount === 0) turns.delete(personId);
    }
  };
}
