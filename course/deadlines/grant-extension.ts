import { checkReason } from "../check-reason.ts";
import type {
  Decided,
  ExtensionStanding,
  ExtensionWrite,
  FieldProblem,
  StaffDeadlinePorts,
} from "./ports.ts";
import { readExtendedDue, type TypedDue } from "./read-extended-due.ts";
import { sayEnd } from "./say-instant.ts";
import { anywhereOnEarth } from "./zones.ts";

export interface GrantExtension extends TypedDue {
  assignmentId: string;
  studentId: string;
  reason: string;
  /** Who grants; the caller has checked that they may. */
  by: string;
}

type GrantField = "student" | "date" | "time" | "zone" | "reason";

export type GrantOutcome =
  /** replaced: the due date of the extension that this one took the place of. */
  | { outcome: "granted"; dueAt: Date; replaced: Date | null }
  /** The student has exactly this already, as after a form that was sent twice. */
  | { outcome: "unchanged"; dueAt: Date }
  | { outcome: "refused"; problems: FieldProblem<GrantField>[] };

/**
 * Gives one student a later due date, in place of any that they were given before. It must lie after the
 * assignment's own, may lie in the past (work that was handed in late is then on time), and goes to students only.
 */
export async function grantExtension(
  ports: StaffDeadlinePorts,
  wanted: GrantExtension,
): Promise<GrantOutcome> {
  const typed = readTyped(wanted);
  if ("problems" in typed) return { outcome: "refused", problems: typed.problems };
  const { assignmentId, studentId, by } = wanted;
  const grant = { studentId, by, ...typed };
  return ports.store.changeExtension({ assignmentId, studentId }, (standing) => decideGrant(standing, grant));
}

/** What is wrong with date, time, zone and reason whoever the student is; empty when nothing is. */
export function problemsOfTyped(typed: TypedDue & { reason: string }): FieldProblem<GrantField>[] {
  const read = readTyped(typed);
  return "problems" in read ? read.problems : [];
}

function readTyped(
  typed: TypedDue & { reason: string },
): Pick<Grant, "dueAt" | "stated" | "reason"> | { problems: FieldProblem<GrantField>[] } {
  const due = readExtendedDue(typed);
  const why = checkReason(typed.reason);
  const problems: FieldProblem<GrantField>[] = [];
  if ("problem" in due) problems.push(due.problem);
  if ("message" in why) problems.push({ field: "reason", message: why.message });
  if ("problem" in due || "message" in why) return { problems };
  return { ...due, ...why };
}

interface Grant {
  studentId: string;
  by: string;
  dueAt: Date;
  /** As it was typed, with its zone. */
  stated: string;
  reason: string;
}

function decideGrant(standing: ExtensionStanding, grant: Grant): Decided<ExtensionWrite, GrantOutcome> {
  const problem = whyNoGrant(standing, grant.dueAt);
  if (problem !== null) return { outcome: { outcome: "refused", problems: [problem] }, change: null };
  const { current } = standing;
  const { dueAt, reason, by } = grant;
  const same = current !== null && current.dueAt.getTime() === dueAt.getTime() && current.reason === reason;
  if (same) return { outcome: { outcome: "unchanged", dueAt }, change: null };
  const student = grant.studentId;
  return {
    outcome: { outcome: "granted", dueAt, replaced: current?.dueAt ?? null },
    change: {
      write: { type: "grant", dueAt, reason, grantedById: by },
      audit: {
        by,
        action: current === null ? "extension.granted" : "extension.replaced",
        before: current && { student, dueAt: current.dueAt.toISOString(), reason: current.reason },
        after: { student, dueAt: dueAt.toISOString(), stated: grant.stated },
        reason,
      },
    },
  };
}

function whyNoGrant(standing: ExtensionStanding, dueAt: Date): FieldProblem<"student" | "date"> | null {
  if (standing.role === null) {
    return {
      field: "student",
      message: "This person is not enrolled in the course: choose one of its students.",
    };
  }
  if (standing.role !== "student") {
    return { field: "student", message: "This person is staff here: only students are given extensions." };
  }
  if (standing.dueAt === null) {
    return { field: "date", message: "The assignment has no due date, so there is nothing to extend." };
  }
  if (dueAt > standing.dueAt) return null;
  return {
    field: "date",
    message: `This does not lie after the assignment's own due date, ${sayEnd(standing.dueAt, anywhereOnEarth)}: choose a later one.`,
  };
}
