/** Of the class that a survey is about. */
export interface SurveyTimes {
  /** When the class ends and the survey opens. */
  opensAt: Date;
  /** Until when completing it counts. */
  dueAt: Date;
  /** Until when it can be answered. */
  closesAt: Date;
}

export type SurveyState = "to-come" | "open" | "closed";

/** It opens at the very instant at which the class ends, and is closed from the instant at which it closes. */
export function stateOf({ opensAt, closesAt }: SurveyTimes, now: Date): SurveyState {
  if (now < opensAt) return "to-come";
  return now < closesAt ? "open" : "closed";
}

/** Whether completing it now earns its credit. The due date names a minute, and all of that minute counts. */
export const countsNow = ({ dueAt }: SurveyTimes, now: Date): boolean =>
  now.getTime() < dueAt.getTime() + 60_000;

/** Answers wait a moment in the browser, and may be sent again: those under way at the close are taken this long. */
const underWayMs = 15 * 60_000;

export const takesAnswers = ({ opensAt, closesAt }: SurveyTimes, now: Date): boolean =>
  now >= opensAt && now.getTime() < closesAt.getTime() + underWayMs;

/** No answer can come any more: what is left is written, and the keys are destroyed. */
export const isOver = ({ closesAt }: SurveyTimes, now: Date): boolean =>
  now.getTime() >= closesAt.getTime() + underWayMs;

/** Staff read what was answered before they go to the next class. */
const beforeNextMs = 12 * 3_600_000;

/**
 * When the first answers are opened, all together: half a day before the next class, and by the due date at the latest.
 * next: when the next class begins; null when there is none.
 */
export function firstOpenedAt({ opensAt, dueAt }: SurveyTimes, next: Date | null): Date {
  if (next === null) return dueAt;
  const wanted = Math.min(next.getTime() - beforeNextMs, dueAt.getTime());
  return new Date(Math.max(wanted, opensAt.getTime()));
}

/** Fewer than this many are never written together while others may follow, and nothing is shown of them. */
export const fewest = 5;

/**
 * How many of the answers that wait are written now: all or none. One that came alone is never written alone, or its
 * place would say when it came; after the end there is nobody left to wait for.
 */
export function toWrite(
  waiting: number,
  at: { times: SurveyTimes; firstOpened: Date },
  now: Date,
): "all" | "none" {
  if (waiting === 0) return "none";
  if (isOver(at.times, now)) return "all";
  return now >= at.firstOpened && waiting >= fewest ? "all" : "none";
}
