import type { DeadlineView } from "../deadlines/describe-deadline.ts";
import { hasFullPoints, type StudentWork } from "../gradebook/group-work.ts";
import type { CalendarEntry } from "./calendar-entry.ts";

export interface DeadlineWork extends Pick<StudentWork, "exercises"> {
  slug: string;
  title: string;
  /** Of the reader's own deadline: an extension is in it. */
  deadline: DeadlineView;
  /** How often something was handed in. */
  submissions: number;
  /** No machine grades it, so that nobody knows points of it. */
  collected?: boolean;
  path: string;
}

/** A deadline as its student's calendar has it, marked where nothing more can be had; null: it has none. */
export function deadlineEntry(work: DeadlineWork): CalendarEntry | null {
  const { due, lateUntil, latePolicy, releasedAt, status, extended } = work.deadline;
  if (due === null) return null;
  const isDone = hasFullPoints(work);
  const lines = [
    `Due ${due.said}.`,
    ...(extended ? ["This is your extension."] : []),
    ...(status === "not-released" && releasedAt !== null ? [`Opens ${releasedAt.said}.`] : []),
    ...(lateUntil === null ? [] : [`Late work is taken until ${lateUntil.said}: ${latePolicy}`]),
    ...handedIn(work, isDone),
  ];
  return {
    key: `due-${work.slug}`,
    when: { kind: "instant", at: due.instant },
    title: isDone ? `✓ ${work.title}` : `${work.title} due`,
    lines,
    place: null,
    path: work.path,
    busy: false,
  };
}

function handedIn({ submissions, exercises, collected }: DeadlineWork, isDone: boolean): string[] {
  if (exercises.length === 0) return [];
  if (isDone) return ["Done: all points."];
  if (submissions === 0) return ["Nothing handed in yet."];
  const times = submissions === 1 ? "once" : `${submissions} times`;
  return [collected ? `Handed in ${times}.` : `Handed in ${times}, not at all points yet.`];
}
