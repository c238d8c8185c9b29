import { deadlineStatusAt } from "#course/deadlines/effective-deadline.ts";
import { textInZone } from "#course/deadlines/zone-text.ts";
import { anywhereOnEarth } from "#course/deadlines/zones.ts";
import type { ExerciseSpec } from "../exercises/spec.ts";
import { ArchiveRefusal } from "./archive/archive-entry.ts";
import { showName } from "./archive/entry-path.ts";
import type { SubmitTarget } from "./ports.ts";

/**
 * Throws ArchiveRefusal for work that may not be taken whatever it holds, before any of it is read. Returns by which
 * spec it is judged.
 */
export function refuseArrival(target: SubmitTarget, receivedAt: Date): ExerciseSpec {
  if (!target.enrolled) {
    throw new ArchiveRefusal(
      "wrong-course",
      `${showName(target.title)} belongs to ${showName(target.courseTitle)}, in which you are not enrolled; submit to an exercise of your own course, or ask its staff to enroll you.`,
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
  if (target.spec.outcome === "unreadable") {
    throw new ArchiveRefusal(
      "exercise-unreadable",
      `${showName(target.title)} cannot be read by this version of Drydock, so nothing can be handed in; tell the staff of your course, who mend it by loading the course again.`,
    );
  }
  return target.spec.value;
}

function inAoE(instant: Date): string {
  const { text, abbreviation } = textInZone(instant, anywhereOnEarth);
  return `${text} ${abbreviation}`;
}
