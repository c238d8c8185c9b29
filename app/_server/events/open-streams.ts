/** How many runs one person may follow at once, in all their tabs. */
const mostPerPerson = 20;

export const tooManyStreams = `You follow ${mostPerPerson} runs at once, the most that one person may: close some of their pages, then load this one again.`;

/** Counts the event streams that this process holds open, by person. */
export interface OpenStreams {
  /** Takes a place; null: the person has all of theirs. Calling what it gives releases the place; again does nothing. */
  enter(userId: string): (() => void) | null;
}

/** The newest is refused, not the oldest ended: a browser would open that one again, and the next, without end. */
export function createOpenStreams(): OpenStreams {
  const counts = new Map<string, number>();
  return {
    enter(userId) {
      const before = counts.get(userId) ?? 0;
      if (before >= mostPerPerson) return null;
      counts.set(userId, before + 1);
      let inside = true;
      return () => {
        if (!inside) return;
        inside = false;
        const left = (counts.get(userId) ?? 1) - 1;
        if (left === 0) counts.delete(userId);
        else counts.set(userId, left);
      };
    },
  };
}
