import { seenDates } from "#course/deadlines/dates/change-dates.ts";
import { type TypedDates, typeDates } from "#course/deadlines/dates/typed-dates.ts";
import { storedLatePolicy } from "#course/deadlines/late-policy.ts";
import { asTheFileSays, openConflicts } from "#infra/db/course/edits/agree-conflicts.ts";
import { datesOfFields, findEdited } from "#infra/db/course/edits/edited-tables.ts";
import type { Services } from "../../../services.ts";
import { type SaidField, sayDifferences } from "./field-words.ts";

/** An assignment's dates for whoever may move them. */
export interface StaffDates {
  /** In which they are typed. */
  zone: string;
  typed: TypedDates;
  /** As ISO texts, by their fields. */
  standing: Record<keyof TypedDates, string | null>;
  /** For the form: what its reader sees. */
  seen: string;
  /** Of dates that staff moved: what course.yaml says. */
  inFile: SaidField[];
  /** Whether late work is taken at all; its end says nothing otherwise. */
  takesLate: boolean;
  /** A conflict of them waits to be settled. */
  conflict: boolean;
}

export async function readStaffDates(
  { db }: Services,
  { courseId, assignmentId }: { courseId: string; assignmentId: string },
): Promise<StaffDates> {
  const [row, open, { dueZone, latePolicy }] = await Promise.all([
    findEdited(db, "assignment", assignmentId),
    openConflicts({ tx: db, courseId }, "assignment", assignmentId),
    db.assignment.findUniqueOrThrow({
      where: { id: assignmentId },
      select: { dueZone: true, latePolicy: true },
    }),
  ]);
  const site = row?.site ?? {};
  const dates = datesOfFields(site);
  const file = row === null ? null : asTheFileSays(row, open);
  return {
    zone: dueZone,
    typed: typeDates(dates, dueZone),
    standing: {
      releasedAt: dates.releasedAt?.toISOString() ?? null,
      dueAt: dates.dueAt?.toISOString() ?? null,
      availableUntil: dates.availableUntil?.toISOString() ?? null,
    },
    seen: seenDates(dates),
    inFile: sayDifferences(file, site),
    takesLate: takesLate(latePolicy),
    conflict: open.length > 0,
  };
}

function takesLate(stored: unknown): boolean {
  const policy = storedLatePolicy.read(stored);
  return policy.outcome === "unreadable" || policy.value.kind !== "none";
}
