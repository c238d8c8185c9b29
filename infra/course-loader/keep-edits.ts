import {
  type Conflict,
  hasMoved,
  type Json,
  mergeEdits,
  sameJson,
  wholeRow,
} from "#course/catalogue/merge-edits.ts";
import { storedEditValue, storedFileFields } from "#course/catalogue/stored-edits.ts";
import { newId } from "#course/ids.ts";
import { Prisma } from "#infra/db/generated/client.ts";
import type { Writing } from "./writing.ts";

interface Edited {
  /** <kind>:<id>. */
  subject: string;
  /** Such as "assignment tutorial-6". */
  label: string;
  /** The fields that staff may edit, as the file says them. */
  file: Record<string, Json>;
  /** As it said them when they were last taken. */
  base: unknown;
  /** As they stand. */
  site: Record<string, Json>;
}

/**
 * What the fields that staff may edit are to be, and what is to be kept as the file's. An open conflict is written for
 * each that both have changed, and closed where they agree again.
 */
export async function keepEdits(writing: Writing, edited: Edited) {
  const { subject, label, file, site } = edited;
  const merged = mergeEdits(file, baseOf(edited), site);
  await writeConflicts(writing, { subject, label, conflicts: merged.conflicts });
  return {
    values: merged.values,
    fromFile: storedFileFields.write(merged.base),
  };
}

/** Of a row that the file no longer has: whether it may go. One that staff edited stays, and that is a conflict. */
export async function mayRemove(writing: Writing, edited: Omit<Edited, "file">): Promise<boolean> {
  const { subject, label, site } = edited;
  const base = baseOf(edited) ?? {};
  const wasEdited = Object.entries(site).some(([field, value]) => !sameJson(value, base[field] ?? null));
  const whole = { field: wholeRow, base, file: null, site };
  await writeConflicts(writing, { subject, label, conflicts: wasEdited ? [whole] : [] });
  return !wasEdited;
}

/**
 * A row that the file has and staff removed on the site stays removed. That the file says another thing of it by now is
 * a conflict: they may want it back.
 */
export async function stayRemoved(writing: Writing, removed: Omit<Edited, "site">): Promise<void> {
  const { subject, label, file } = removed;
  const base = baseOf(removed) ?? {};
  const whole = { field: wholeRow, base, file, site: null };
  await writeConflicts(writing, { subject, label, conflicts: hasMoved(file, base) ? [whole] : [] });
}

/** Of what is gone on both sides nothing is left to settle. */
export const dropConflicts = (writing: Writing, subject: string) =>
  writeConflicts(writing, { subject, label: "", conflicts: [] });

async function writeConflicts(
  writing: Writing,
  { subject, label, conflicts }: { subject: string; label: string; conflicts: Conflict[] },
) {
  const { tx, courseId, now } = writing;
  const open = await tx.editConflict.findMany({ where: { courseId, subject, settledAt: null } });
  for (const conflict of conflicts) {
    writing.conflicts.push({ subject: label, ...conflict });
    const data = {
      label,
      baseValue: jsonOrNull(conflict.base),
      fileValue: jsonOrNull(conflict.file),
      siteValue: jsonOrNull(conflict.site),
    };
    const known = open.find((row) => row.field === conflict.field);
    if (known) await tx.editConflict.update({ where: { id: known.id }, data });
    else {
      await tx.editConflict.create({
        data: { id: newId("cft", now), courseId, subject, field: conflict.field, foundAt: now, ...data },
      });
    }
  }
  const over = open.filter((row) => !conflicts.some(({ field }) => field === row.field));
  if (over.length === 0) return;
  await tx.editConflict.updateMany({
    where: { id: { in: over.map((row) => row.id) } },
    data: { settledAt: now },
  });
}

/** What cannot be read counts as never taken down: the next sync takes it anew. */
function baseOf({ base }: Pick<Edited, "base">): Record<string, Json> | null {
  const read = base === null ? null : storedFileFields.read(base);
  return read?.outcome === "read" ? read.value : null;
}

const jsonOrNull = (value: Json) =>
  value === null ? Prisma.JsonNull : (storedEditValue.write(value) ?? Prisma.JsonNull);
