import { type Json, sameJson, wholeRow } from "#course/catalogue/merge-edits.ts";
import { storedEditValue } from "#course/catalogue/stored-edits.ts";
import type { Tx } from "../../connection/client.ts";
import { Prisma } from "../../generated/client.ts";
import { type EditedKind, type EditedRow, type Fields, subjectOf } from "./edited-tables.ts";

export interface Edit {
  tx: Tx;
  courseId: string;
  now: Date;
  /** Who edits. */
  by: string;
}

/** An open conflict of a row. */
export interface OpenConflict {
  id: string;
  field: string;
  file: Json;
}

export async function openConflicts(
  { tx, courseId }: Pick<Edit, "tx" | "courseId">,
  kind: EditedKind,
  id: string,
): Promise<OpenConflict[]> {
  const rows = await tx.editConflict.findMany({
    where: { courseId, subject: subjectOf(kind, id), settledAt: null },
  });
  return rows.map(({ id: own, field, fileValue }) => ({ id: own, field, file: sideOf(fileValue) }));
}

/** What cannot be read is shown and compared as nothing. */
export function sideOf(stored: unknown): Json {
  const read = stored === null ? null : storedEditValue.read(stored);
  return read?.outcome === "read" ? read.value : null;
}

/** The row as its file says it now: as it was last taken, and where that is in conflict, as the file has it since. */
export function asTheFileSays(row: Pick<EditedRow, "site" | "base">, open: readonly OpenConflict[]): Fields {
  const clashing = open.filter(({ field }) => field !== wholeRow);
  return {
    ...(row.base ?? row.site),
    ...Object.fromEntries(clashing.map(({ field, file }) => [field, file])),
  };
}

/**
 * Of a row as staff are about to write it: what is remembered as the file's. Conflicts in which it now says what the
 * file says are over, and the others have another site's side.
 */
export async function agreeConflicts(
  edit: Edit,
  kind: EditedKind,
  row: Pick<EditedRow, "id" | "site" | "base">,
): Promise<Fields | null> {
  const { tx } = edit;
  const open = await openConflicts(edit, kind, row.id);
  const base = row.base === null ? null : { ...row.base };
  for (const { id, field, file } of open) {
    const site = field === wholeRow ? row.site : (row.site[field] ?? null);
    if (field !== wholeRow && sameJson(site, file)) {
      if (base !== null) base[field] = file;
      await closeConflicts(edit, [id]);
      continue;
    }
    const siteValue = site === null ? Prisma.JsonNull : (storedEditValue.write(site) ?? Prisma.JsonNull);
    await tx.editConflict.update({ where: { id }, data: { siteValue } });
  }
  return base;
}

export async function closeConflicts({ tx, now, by }: Edit, ids: string[]) {
  const data = { settledAt: now, settledById: by };
  await tx.editConflict.updateMany({ where: { id: { in: ids }, settledAt: null }, data });
}
