import { type Json, type Side, settleField, wholeRow } from "#course/catalogue/merge-edits.ts";
import { storedRemovedRow } from "#course/catalogue/stored-edits.ts";
import type { Clock } from "#course/clock.ts";
import { dateNames, disorderOf } from "#course/deadlines/dates/dates-in-order.ts";
import { changedMeanwhile, seenConflict } from "#course/fingerprint.ts";
import { newId } from "#course/ids.ts";
import type { Db } from "../../connection/client.ts";
import type { EditConflict, Prisma, SiteRemoval } from "../../generated/client.ts";
import { closeConflicts, type Edit, sideOf } from "./agree-conflicts.ts";
import {
  createEdited,
  datesOfFields,
  deleteEdited,
  type EditedKind,
  type EditedRow,
  type Fields,
  findEdited,
  readSubject,
  updateEdited,
} from "./edited-tables.ts";
import { lockCourseOf } from "./lock-course.ts";

export type SettleOutcome =
  | { outcome: "settled" }
  /** by: who settled it before; null: file and site came to agree. */
  | { outcome: "over"; by: string | null }
  | { outcome: "refused"; message: string };

const refused = (message: string): SettleOutcome => ({ outcome: "refused", message });

/**
 * Settles a conflict between a course's file and the site, for one of them, as one transaction under the course's lock:
 * the next sync of the same files finds both sides in agreement. seen: seenConflict of what its reader was shown.
 */
export async function settleConflict(
  { db, clock }: { db: Db; clock: Clock },
  wanted: { conflictId: string; courseId: string; side: Side; seen: string; by: string },
): Promise<SettleOutcome> {
  const { conflictId, courseId, side, seen, by } = wanted;
  return db.$transaction(async (tx) => {
    await lockCourseOf(tx, courseId);
    const conflict = await tx.editConflict.findUniqueOrThrow({
      where: { id: conflictId },
      include: { settledBy: { select: { name: true } } },
    });
    if (conflict.settledAt !== null) return { outcome: "over", by: conflict.settledBy?.name ?? null };
    const edit: Edit = { tx, courseId, by, now: clock() };
    const { kind, id } = readSubject(conflict.subject);
    const row = await findEdited(tx, kind, id);
    const file = sideOf(conflict.fileValue);
    const site = siteOf(row, conflict.field);
    if (seenConflict({ file, site }) !== seen) return refused(changedMeanwhile);
    const outcome =
      conflict.field === wholeRow
        ? await settleRow(edit, { kind, id, row, file, side })
        : await settleOne(edit, { kind, row, field: conflict.field, file, side });
    if (outcome.outcome === "settled") await closeConflicts(edit, [conflict.id]);
    return outcome;
  });
}

/** What the site says of a conflict's field now: null where it has no such row. */
export const siteOf = (row: EditedRow | null, field: EditConflict["field"]): Json =>
  field === wholeRow ? (row?.site ?? null) : (row?.site[field] ?? null);

async function settleOne(
  edit: Edit,
  {
    kind,
    row,
    field,
    file,
    side,
  }: { kind: EditedKind; row: EditedRow | null; field: string; file: Json; side: Side },
): Promise<SettleOutcome> {
  if (row === null) return { outcome: "settled" };
  const settled = settleField({ base: row.base ?? row.site, site: row.site }, { field, file }, side);
  const wrong = whyNot(kind, settled.site);
  if (wrong !== null) return refused(wrong);
  await updateEdited(edit.tx, kind, { id: row.id, ...settled });
  if (kind === "assignment" && side === "file") await audit(edit, row, field, file);
  return { outcome: "settled" };
}

/** What no row may be although each side is right by itself. */
function whyNot(kind: EditedKind, site: Fields): string | null {
  if (kind === "assignment") {
    const disorder = disorderOf(datesOfFields(site));
    if (disorder === null) return null;
    return `The ${dateNames[disorder.field]} and the ${dateNames[disorder.against]} would not be in order then: move the other date first, on the page of the assignment's deadlines.`;
  }
  if (kind === "office-hours" && `${site.fromTime}` >= `${site.toTime}`) {
    return "The office hours would end before they start then: change the other time first, on the page of office hours.";
  }
  return null;
}

/** Where one side no longer has the row. */
async function settleRow(
  { tx, courseId }: Edit,
  {
    kind,
    id,
    row,
    file,
    side,
  }: { kind: EditedKind; id: string; row: EditedRow | null; file: Json; side: Side },
): Promise<SettleOutcome> {
  if (kind === "assignment") throw new Error("An assignment is never in conflict as a whole.");
  if (row !== null) {
    // The file dropped it: kept, it is staff's own.
    if (side === "site") await updateEdited(tx, kind, { ...row, base: null });
    else await deleteEdited(tx, kind, id);
    return { outcome: "settled" };
  }
  const removal = await tx.siteRemoval.findUnique({ where: { id } });
  if (removal === null) return { outcome: "settled" };
  const fields = file as Fields;
  if (side === "site") {
    await tx.siteRemoval.update({ where: { id }, data: { fromFile: fields as Prisma.InputJsonObject } });
    return { outcome: "settled" };
  }
  await createEdited(tx, kind, {
    id,
    courseId,
    slug: removal.slug,
    ...placeOf(removal),
    site: fields,
    base: fields,
  });
  await tx.siteRemoval.delete({ where: { id } });
  return { outcome: "settled" };
}

function placeOf({ fields }: SiteRemoval): { position: number | null } {
  const read = storedRemovedRow.read(fields);
  const position = read.outcome === "read" ? read.value.position : null;
  return { position: typeof position === "number" ? position : null };
}

/** A date that moves for everybody is audited, whichever press moved it. */
async function audit({ tx, now, by }: Edit, row: EditedRow, field: string, file: Json) {
  await tx.auditEntry.create({
    data: {
      ...{ id: newId("aud", now), at: now, userId: by },
      ...{ action: "dates.back-to-file", subject: `assignment:${row.id}` },
      before: { [field]: row.site[field] ?? null } as Prisma.InputJsonObject,
      after: { [field]: file } as Prisma.InputJsonObject,
      reason: "The file and the site said two things, and the file's was taken.",
    },
  });
}
