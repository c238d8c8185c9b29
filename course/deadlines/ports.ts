/** What granting, ending and setting need from outside. */
export interface StaffDeadlinePorts {
  store: StaffDeadlineStore;
}

/**
 * Each method is one transaction: it locks the assignment's deadlines, shows `decide` what is stored at that moment,
 * writes what was decided and its audit entry, or nothing at all, and gives the outcome.
 */
export interface StaffDeadlineStore {
  changeExtension<Outcome>(
    of: { assignmentId: string; studentId: string },
    decide: (standing: ExtensionStanding) => Decided<ExtensionWrite, Outcome>,
  ): Promise<Outcome>;
  changeGrace<Outcome>(
    of: { assignmentId: string },
    decide: (standing: GraceStanding) => Decided<GraceWrite, Outcome>,
  ): Promise<Outcome>;
  changeDates<Outcome>(
    of: { assignmentId: string; by: string },
    decide: (standing: DatesStanding) => Decided<DatesWrite, Outcome>,
  ): Promise<Outcome>;
}

/** The dates of an assignment that files state and staff may edit. */
export interface AssignmentDates {
  /** null: at once. */
  releasedAt: Date | null;
  /** null: it has no deadline. */
  dueAt: Date | null;
  /** Until when late work is taken. */
  availableUntil: Date | null;
}

export interface DatesStanding {
  dates: AssignmentDates;
  /** As the course's file says them now. */
  file: AssignmentDates;
}

export interface DatesWrite {
  dates: AssignmentDates;
}

export interface ExtensionStanding {
  /** The assignment's own due date; null when it has none. */
  dueAt: Date | null;
  /** The person's role in the assignment's course at this moment; null when they are not enrolled. */
  role: "student" | "ta" | "instructor" | null;
  /** What the person has so far. */
  current: StoredExtension | null;
}

export interface StoredExtension {
  id: string;
  dueAt: Date;
  reason: string;
  grantedById: string;
}

/** grant: in place of any that the person has. */
export type ExtensionWrite =
  | { type: "grant"; dueAt: Date; reason: string; grantedById: string }
  | { type: "end" };

export interface GraceStanding {
  dueAt: Date | null;
  /** As the course's file says. */
  fileGraceSeconds: number;
  /** As staff set it; null when the file's stands. */
  staffGraceSeconds: number | null;
}

export interface GraceWrite {
  staffGraceSeconds: number | null;
}

/** change is null when nothing is to be written. */
export interface Decided<Write, Outcome> {
  outcome: Outcome;
  change: { write: Write; audit: StaffAudit } | null;
}

/** Who, what, before, after, why; the store adds when. Values are as JSON holds them. */
export interface StaffAudit {
  by: string;
  action:
    | "extension.granted"
    | "extension.replaced"
    | "extension.ended"
    | "grace.set-by-staff"
    | "grace.back-to-file"
    | "dates.changed-by-staff"
    | "dates.back-to-file";
  before: Record<string, string | number | null> | null;
  after: Record<string, string | number | null> | null;
  reason: string;
}

/** What is wrong with what was asked, beside the field that it is about. One sentence with the rule and the fix. */
export interface FieldProblem<Field extends string> {
  field: Field;
  message: string;
}
