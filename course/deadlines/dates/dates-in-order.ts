import type { AssignmentDates } from "../ports.ts";

export const dateFields = ["releasedAt", "dueAt", "availableUntil"] as const;
export type DateField = (typeof dateFields)[number];

/** Which date lies wrong against which other. rule: the sentence for whoever set both. */
export interface Disorder {
  field: "releasedAt" | "availableUntil";
  against: "dueAt";
  rule: string;
}

/** What is wrong with the order of an assignment's dates; null: nothing. The database holds the same. */
export function disorderOf({ releasedAt, dueAt, availableUntil }: AssignmentDates): Disorder | null {
  if (releasedAt !== null && dueAt !== null && releasedAt >= dueAt) {
    const rule = "The release must lie before the due date.";
    return { field: "releasedAt", against: "dueAt", rule };
  }
  if (availableUntil !== null && (dueAt === null || availableUntil < dueAt)) {
    const rule = "availableUntil needs a due date that does not lie after it.";
    return { field: "availableUntil", against: "dueAt", rule };
  }
  return null;
}

/** As people call it. */
export const dateNames: Record<DateField, string> = {
  releasedAt: "release",
  dueAt: "due date",
  availableUntil: "end of late work",
};
