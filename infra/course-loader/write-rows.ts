import { type Json, sameJson } from "#course/catalogue/merge-edits.ts";
import { storedFileFields } from "#course/catalogue/stored-edits.ts";
import { differences, jsonOf } from "#infra/db/course/row-json.ts";
import { Prisma } from "#infra/db/generated/client.ts";
import { dropConflicts, keepEdits, mayRemove, stayRemoved } from "./keep-edits.ts";
import { noteChange, type Writing } from "./writing.ts";

/** Rows of one table of a course. Key: by which files and database know the same row. */
interface Rows<Key, Row> {
  /** As people read it, such as "class 17". */
  label(key: Key): string;
  known: ReadonlyMap<Key, Row>;
}

/** Brings rows that only the files decide up to them: what is new, what is another, what is gone. */
export async function writeRows<Key, Row extends object, Wanted extends object>(
  writing: Writing,
  rows: Rows<Key, Row> & {
    wanted: readonly (readonly [Key, Wanted])[];
    create(key: Key, wanted: Wanted): Promise<unknown>;
    update(row: Row, wanted: Wanted): Promise<unknown>;
    remove(row: Row): Promise<unknown>;
  },
): Promise<void> {
  const left = new Map(rows.known);
  for (const [key, wanted] of rows.wanted) {
    const row = left.get(key);
    left.delete(key);
    if (row === undefined) {
      noteChange(writing, rows.label(key), "added");
      await rows.create(key, wanted);
      continue;
    }
    const fields = differences(jsonOf(row, wanted), jsonOf(wanted, wanted));
    if (fields.length === 0) continue;
    noteChange(writing, rows.label(key), "changed", fields);
    await rows.update(row, wanted);
  }
  for (const [key, row] of left) {
    noteChange(writing, rows.label(key), "removed");
    await rows.remove(row);
  }
}

/** One that staff may edit too. fromFile: null of those that they made on the site, which are left alone. */
interface EditedRow {
  id: string;
  fromFile: unknown;
}

/** The same of rows that staff may edit. file: the fields that they may; fixed: those that only the files decide. */
export async function writeEditedRows<Row extends EditedRow, File extends object, Fixed extends object>(
  writing: Writing,
  rows: Rows<string, Row> & {
    /** Of the subject of a conflict. */
    kind: "announcement" | "office-hours";
    /** Reports what no row may be although file and edit each are right, and says whether it did. */
    refuse?(slug: string, values: Record<string, Json>): boolean;
    wanted: readonly (readonly [slug: string, file: File, fixed: Fixed])[];
    create(slug: string, data: File & Fixed & { fromFile: object }): Promise<unknown>;
    /** data: the same fields, as JSON has them. */
    update(id: string, data: object): Promise<unknown>;
    remove(id: string): Promise<unknown>;
  },
): Promise<void> {
  const left = new Map(rows.known);
  const removals = await readRemovals(writing, rows.kind);
  for (const [slug, file, fixed] of rows.wanted) {
    const label = rows.label(slug);
    const row = left.get(slug);
    left.delete(slug);
    const said = jsonOf(file, file);
    const removal = removals.get(slug);
    if (row === undefined && removal !== undefined && removal.fromFile !== null) {
      removals.delete(slug);
      const subject = `${rows.kind}:${removal.id}`;
      await stayRemoved(writing, { subject, label, file: said, base: removal.fromFile });
      continue;
    }
    if (row === undefined) {
      noteChange(writing, label, "added");
      await rows.create(slug, { ...file, ...fixed, fromFile: storedFileFields.write(said) });
      continue;
    }
    const site = jsonOf(row, file);
    const kept = await keepEdits(writing, {
      ...{ subject: `${rows.kind}:${row.id}`, label, file: said, site },
      base: row.fromFile ?? nothingOf(file),
    });
    if (rows.refuse?.(slug, kept.values)) continue;
    const wanted = { ...kept.values, ...jsonOf(fixed, fixed) };
    const fields = differences({ ...site, ...jsonOf(row, fixed) }, wanted);
    if (fields.length > 0) noteChange(writing, label, "changed", fields);
    else if (isKept(row.fromFile, kept.fromFile)) continue;
    await rows.update(row.id, { ...wanted, fromFile: kept.fromFile });
  }
  for (const [slug, { id, fromFile, ...row }] of left) {
    if (fromFile === null) continue;
    const site = jsonOf(row, fromFile as object);
    const gone = { subject: `${rows.kind}:${id}`, label: rows.label(slug), base: fromFile, site };
    if (!(await mayRemove(writing, gone))) continue;
    noteChange(writing, rows.label(slug), "removed");
    await rows.remove(id);
  }
  await forgetRemovals(writing, rows.kind, [...removals.values()]);
}

/** What staff removed on the site, by its slug. */
async function readRemovals({ tx, courseId }: Writing, kind: string) {
  const rows = await tx.siteRemoval.findMany({ where: { courseId, kind } });
  return new Map(rows.map((row) => [row.slug, row]));
}

/** The files do not have these any more either. They can still be brought back, and are staff's own from then on. */
async function forgetRemovals(writing: Writing, kind: string, gone: { id: string; fromFile: unknown }[]) {
  for (const { id, fromFile } of gone) {
    if (fromFile === null) continue;
    await dropConflicts(writing, `${kind}:${id}`);
    await writing.tx.siteRemoval.update({ where: { id }, data: { fromFile: Prisma.DbNull } });
  }
}

/** Whether what is remembered as the file's needs no writing. */
export const isKept = (stored: unknown, fromFile: object): boolean =>
  sameJson(stored as Parameters<typeof sameJson>[0], fromFile as Parameters<typeof sameJson>[0]);

/** The base of a row that no file had: whatever the file says of it now is another thing than what staff made. */
const nothingOf = (file: object) => Object.fromEntries(Object.keys(file).map((field) => [field, null]));
