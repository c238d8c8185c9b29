/** So many submissions of one student to one exercise wait to be graded: the newest. */
export const maxWaiting = 5;

/** Said where work is handed in. */
export const waitingRule = `at most ${maxWaiting} wait to be graded, the newest; every one is kept with its receipt`;

export interface QueuedOfStudent {
  id: string;
  /** Of its submission. */
  number: number;
  attempt: number;
  byStaff: boolean;
}

/**
 * Which queued runs of one student and exercise are superseded. Never the newest, never what staff asked for, never
 * what has had its turn.
 */
export function beyondBound(queued: readonly QueuedOfStudent[]): string[] {
  return queued
    .filter((run) => !run.byStaff)
    .sort((a, b) => b.number - a.number)
    .slice(maxWaiting)
    .filter((run) => run.attempt === 1)
    .map(({ id }) => id);
}
