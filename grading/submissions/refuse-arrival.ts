import { deadlineStatusAt } from "#course/deadlines/effective-deadline.ts";
import { sayEnd, sayInstant } from "#course/deadlines/say-instant.ts";
import { anywhereOnEarth } from "#course/deadlines/zones.ts";
import { showName } from "./archive/entry-path.ts";
import type { SubmitTarget } from "./ports.ts";
import { UploadRefusal } from "./refusals/upload-refusal.ts";
import type { TakenWork } from "./taken-work.ts";

/** Whether the sender may learn that there is such an exercise: a student not before its release. */
export function mayKnow({ member, deadline }: SubmitTarget, now: Date): boolean {
  return member.role !== "student" || deadlineStatusAt(deadline, now).status !== "not-released";
}

/**
 * Throws UploadRefusal for work that may not be taken whatever it holds; receivedAt is when it counts as received,
 * later than firstByteAt if it was sent too slowly. Returns by which rules the work is taken.
 */
export function refuseArrival(target: SubmitTarget, receivedAt: Date, firstByteAt = receivedAt): TakenWork {
  const { status, until } = deadlineStatusAt(target.deadline, receivedAt);
  if (status === "not-released" && until !== null) {
    throw new UploadRefusal(
      "not-released",
      `${showName(target.assignmentTitle)} takes submissions from ${inAoE(until)}; submit again then.`,
    );
  }
  const { closesAt } = target.deadline;
  if (status === "closed" && closesAt !== null) {
    const arrived = receivedAt > firstByteAt ? "counts, sent so slowly, as received" : "arrived";
    throw new UploadRefusal(
      "deadline-passed",
      `${showName(target.assignmentTitle)} took submissions until ${sayEnd(closesAt, anywhereOnEarth, { seconds: true })}, and this one ${arrived} ${inAoE(receivedAt)}; ask the staff for an extension if you have a reason.`,
    );
  }
  const { team, member } = target;
  if (member.role === "student" && team !== null && team.size < team.least) {
    throw new UploadRefusal(
      "team-too-small",
      `${showName(target.assignmentTitle)} is handed in by at least ${team.least} together, and you are ${team.size === 1 ? "alone" : `${team.size} in your team`}; invite others on the assignment's page, and submit when they have accepted.`,
    );
  }
  if (target.spec.outcome === "unreadable") {
    throw new UploadRefusal(
      "exercise-unreadable",
      `${showName(target.title)} cannot be read by this version of Drydock, so nothing can be handed in; tell the staff of your course, who mend it by loading the course again.`,
    );
  }
  return target.spec.value;
}

function inAoE(instant: Date): string {
  return sayInstant(instant, anywhereOnEarth, { seconds: true });
}
