import { deadlineStatusAt } from "#course/deadlines/effective-deadline.ts";
import { textInZone } from "#course/deadlines/zone-text.ts";
import { anywhereOnEarth } from "#course/deadlines/zones.ts";
import { ArchiveRefusal } from "./archive/archive-entry.ts";
import { showName } from "./archive/entry-path.ts";
import type { SubmitTarget } from "./ports.ts";

/** Throws ArchiveRefusal for work that may not be taken whatever it holds, before any of it is read. */
export function refuseArrival(target: SubmitTarget, receivedAt: Date): void {
  if (!target.enrolled) {
    throw new ArchiveRefusal(
      "wrong-course",
      `${showName(target.spec.title)} belongs to ${showName(target.courseTitle)}, in which you are not enrolled; submit to an exercise of your own course, or ask its staff to enroll you.`,
    );
  }
  const { status, until } = deadlineStatusAt(target.deadline, receivedAt);
  if (status === "not-released" && until !== null) {
    throw new ArchiveRefusal(
      "not-released",
      `${showName(target.assignmentTitle)} takes submissions from ${inAoE(until)}; submit again then.`,
    );
  }
  const { closesAt } = target.deadline;
  if (status === "closed" && closesAt !== null) {
    const last = new Date(closesAt.getTime() - 1000);
    throw new ArchiveRefusal(
      "deadline-passed",
      `${showName(target.assignmentTitle)} took submissions until ${inAoE(last)}, and this one arrived ${inAoE(receivedAt)}; ask the staff for an extension if you have a reason.`,
    );
  }
}

function inAoE(instant: Date): string {
  const { text, abbreviation } = textInZone(instant, anywhereOnEarth);
  return `${text} ${abbreviation}`;
}
