import { checkReason } from "../check-reason.ts";
import type { Decided, FieldProblem, GraceStanding, GraceWrite, StaffDeadlinePorts } from "./ports.ts";

/** A day. */
const longestGraceSeconds = 86_400;

export interface SetGrace {
  assignmentId: string;
  /** Seconds after the due date in which work still counts as on time; null for what the course's file says. */
  graceSeconds: number | null;
  reason: string;
  /** Who sets it; the caller has checked that they may. */
  by: string;
}

export type SetGraceOutcome =
  /** graceSeconds: in force from now on. */
  | { outcome: "set" | "unchanged"; graceSeconds: number }
  | { outcome: "refused"; problems: FieldProblem<"grace" | "reason">[] };

/**
 * Sets the grace of an assignment for everybody. What staff set stands over what the course's file says, however
 * often the course is loaded, until staff go back to the file's.
 */
export async function setGrace(ports: StaffDeadlinePorts, wanted: SetGrace): Promise<SetGraceOutcome> {
  const problems: FieldProblem<"grace" | "reason">[] = [];
  const wrong = whyNoGrace(wanted.graceSeconds);
  if (wrong !== null) problems.push({ field: "grace", message: wrong });
  const why = checkReason(wanted.reason);
  if ("message" in why) problems.push({ field: "reason", message: why.message });
  if (wrong !== null || "message" in why) return { outcome: "refused", problems };
  const { assignmentId } = wanted;
  return ports.store.changeGrace({ assignmentId }, (standing) =>
    decideGrace(standing, { ...wanted, reason: why.reason }),
  );
}

function whyNoGrace(graceSeconds: number | null): string | null {
  if (graceSeconds === null) return null;
  const fits = Number.isInteger(graceSeconds) && graceSeconds >= 0 && graceSeconds <= longestGraceSeconds;
  return fits
    ? null
    : "The grace is a number of minutes from 0 to 1440, which is a day: write one such as 15.";
}

function decideGrace(standing: GraceStanding, wanted: SetGrace): Decided<GraceWrite, SetGraceOutcome> {
  const { staffGraceSeconds, fileGraceSeconds } = standing;
  if (standing.dueAt === null) {
    const message = "The assignment has no due date, so there is nothing to be graceful about.";
    return { outcome: { outcome: "refused", problems: [{ field: "grace", message }] }, change: null };
  }
  const graceSeconds = wanted.graceSeconds ?? fileGraceSeconds;
  if (wanted.graceSeconds === staffGraceSeconds) {
    return { outcome: { outcome: "unchanged", graceSeconds }, change: null };
  }
  return {
    outcome: { outcome: "set", graceSeconds },
    change: {
      write: { staffGraceSeconds: wanted.graceSeconds },
      audit: {
        by: wanted.by,
        action: wanted.graceSeconds === null ? "grace.back-to-file" : "grace.set-by-staff",
        before: { graceSeconds: staffGraceSeconds ?? fileGraceSeconds, staffGraceSeconds },
        after: { graceSeconds, staffGraceSeconds: wanted.graceSeconds },
        reason: wanted.reason,
      },
    },
  };
}
