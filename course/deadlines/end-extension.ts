import { checkReason } from "../check-reason.ts";
import type {
  Decided,
  ExtensionStanding,
  ExtensionWrite,
  FieldProblem,
  StaffDeadlinePorts,
} from "./ports.ts";

export interface EndExtension {
  assignmentId: string;
  studentId: string;
  /** The very extension that the reader saw: one granted meanwhile is not ended unseen. */
  extensionId: string;
  reason: string;
  /** Who ends it; the caller has checked that they may. */
  by: string;
}

export type EndOutcome =
  | { outcome: "ended"; was: Date }
  | { outcome: "refused"; problems: FieldProblem<"extension" | "reason">[] };

/**
 * Takes an extension back: the assignment's own due date applies again. Work that was received meanwhile keeps what
 * its receipt says.
 */
export async function endExtension(ports: StaffDeadlinePorts, wanted: EndExtension): Promise<EndOutcome> {
  const why = checkReason(wanted.reason);
  if ("message" in why) {
    return { outcome: "refused", problems: [{ field: "reason", message: why.message }] };
  }
  const { assignmentId, studentId } = wanted;
  return ports.store.changeExtension({ assignmentId, studentId }, (standing) =>
    decideEnd(standing, { ...wanted, reason: why.reason }),
  );
}

function decideEnd(
  { current }: ExtensionStanding,
  wanted: EndExtension,
): Decided<ExtensionWrite, EndOutcome> {
  if (current === null || current.id !== wanted.extensionId) {
    const message =
      current === null
        ? "This extension has been ended already."
        : "This extension has been replaced meanwhile: look at the new one first.";
    return { outcome: { outcome: "refused", problems: [{ field: "extension", message }] }, change: null };
  }
  const before = {
    student: wanted.studentId,
    dueAt: current.dueAt.toISOString(),
    reason: current.reason,
  };
  return {
    outcome: { outcome: "ended", was: current.dueAt },
    change: {
      write: { type: "end" },
      audit: { by: wanted.by, action: "extension.ended", before, after: null, reason: wanted.reason },
    },
  };
}
