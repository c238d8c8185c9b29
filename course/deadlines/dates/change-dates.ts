import { checkReason } from "../../check-reason.ts";
import { changedMeanwhile, fingerprint } from "../../fingerprint.ts";
import type {
  AssignmentDates,
  DatesStanding,
  DatesWrite,
  Decided,
  FieldProblem,
  StaffDeadlinePorts,
} from "../ports.ts";
import { type DateField, dateFields, disorderOf } from "./dates-in-order.ts";
import { readTypedDates, type TypedDates, type TypedField } from "./typed-dates.ts";

export interface ChangeDates {
  assignmentId: string;
  /** What was typed, or the one date that is to be as the course's file says it. */
  to: { typed: TypedDates; zone: string } | { fileOf: DateField };
  /** seenDates of what the form showed. */
  seen: string;
  reason: string;
  /** Who changes them; the caller has checked that they may. */
  by: string;
}

export type DatesField = TypedField | "zone" | "reason" | "seen";

export type ChangeDatesOutcome =
  | { outcome: "changed" | "unchanged"; dates: AssignmentDates }
  | { outcome: "refused"; problems: FieldProblem<DatesField>[] };

const datesJson = ({ releasedAt, dueAt, availableUntil }: AssignmentDates) => ({
  releasedAt: releasedAt?.toISOString() ?? null,
  dueAt: dueAt?.toISOString() ?? null,
  availableUntil: availableUntil?.toISOString() ?? null,
});

/** For a form: which dates its reader sees. */
export const seenDates = (dates: AssignmentDates): string => fingerprint(datesJson(dates));

/**
 * Moves the dates of an assignment for everybody. What staff set stands over what the course's file says, as long as
 * the file says what it said; where the file changes too, that is a conflict for staff to settle.
 */
export async function changeDates(
  ports: StaffDeadlinePorts,
  wanted: ChangeDates,
): Promise<ChangeDatesOutcome> {
  const { assignmentId, by } = wanted;
  return ports.store.changeDates({ assignmentId, by }, (standing) => decideDates(standing, wanted));
}

function decideDates(standing: DatesStanding, wanted: ChangeDates): Decided<DatesWrite, ChangeDatesOutcome> {
  const refused = (problems: FieldProblem<DatesField>[]) => ({
    outcome: { outcome: "refused" as const, problems },
    change: null,
  });
  const why = checkReason(wanted.reason);
  const problems: FieldProblem<DatesField>[] =
    "message" in why ? [{ field: "reason", message: why.message }] : [];
  const read = datesWanted(standing, wanted);
  if ("problems" in read) return refused([...read.problems, ...problems]);
  const { dates } = read;
  const disorder = disorderOf(dates);
  if (disorder !== null) {
    problems.unshift({ field: `${disorder.field}Date`, message: sentences[disorder.field] });
  }
  if (seenDates(standing.dates) !== wanted.seen) {
    problems.unshift({ field: "seen", message: changedMeanwhile });
  }
  if (problems.length > 0 || "message" in why) return refused(problems);
  const [before, after] = [datesJson(standing.dates), datesJson(dates)];
  const moved = dateFields.filter((field) => before[field] !== after[field]);
  if (moved.length === 0) return { outcome: { outcome: "unchanged", dates }, change: null };
  const only = (json: typeof before) => Object.fromEntries(moved.map((field) => [field, json[field]]));
  return {
    outcome: { outcome: "changed", dates },
    change: {
      write: { dates },
      audit: {
        by: wanted.by,
        action: "fileOf" in wanted.to ? "dates.back-to-file" : "dates.changed-by-staff",
        before: only(before),
        after: only(after),
        reason: why.reason,
      },
    },
  };
}

function datesWanted({ dates, file }: DatesStanding, { to }: ChangeDates) {
  if ("typed" in to) return readTypedDates(to.typed, to.zone, dates);
  return { dates: { ...dates, [to.fileOf]: file[to.fileOf] } };
}

const sentences = {
  releasedAt: "The release must lie before the due date: choose an earlier release or a later due date.",
  availableUntil:
    "Late work needs a due date that does not lie after its end: choose a later end, or leave it empty.",
};
