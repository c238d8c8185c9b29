import type { CapKind } from "#course/cost/budget.ts";

/** What the student is told whose run waits for money. Each says until when, and who can do something about it. */
export function noMoneySentence(cap: CapKind): string {
  switch (cap) {
    case "course":
      return "What the machines of this course may cost is used up or held for runs under way; staff have been told.";
    case "day":
      return "What machines may cost in a day is used up or held for runs under way; there is more at 00:00 UTC, and staff have been told.";
    case "student":
      return "What the runs of one student may cost in a day is used up or held for your runs under way; there is more at 00:00 UTC.";
  }
}

/** What the student is told while staff have stopped the fleet: why is for staff. */
export const stoppedSentence =
  "Staff have stopped new machines from being started. What runs already is graded, and nothing that waits is lost.";
