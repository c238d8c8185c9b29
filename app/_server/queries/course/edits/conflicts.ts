import { type Json, wholeRow } from "#course/catalogue/merge-edits.ts";
import { seenConflict } from "#course/fingerprint.ts";
import { sideOf } from "#infra/db/course/edits/agree-conflicts.ts";
import {
  type EditedKind,
  type Fields,
  findEdited,
  readSubject,
} from "#infra/db/course/edits/edited-tables.ts";
import { siteOf } from "#infra/db/course/edits/settle-conflict.ts";
import type { Services } from "../../../services.ts";
import { sayHours } from "./edited-hours.ts";
import { fieldName, kindWords, type SaidField, sayFields, sayValue } from "./field-words.ts";

/** One side: fields in words; null: it has no such thing any more. */
export type ConflictSide = SaidField[] | null;

export interface ConflictView {
  id: string;
  kind: EditedKind;
  /** For addresses. */
  slug: string;
  /** Assignment "Tutorial 6" */
  what: string;
  /** What the sides disagree about: Due. */
  field: string;
  whole: boolean;
  /** As the file said it when it was last taken, as it says it now, and as the site does. */
  before: ConflictSide;
  file: ConflictSide;
  site: ConflictSide;
  /** For the form: what its reader sees. */
  seen: string;
  foundAt: string;
}

/** How many conflicts of a course wait for its staff. */
export async function countConflicts({ db }: Services, courseId: string): Promise<number> {
  return db.editConflict.count({ where: { courseId, settledAt: null } });
}

/** What files and site disagree about, oldest first. */
export async function listConflicts({ db }: Services, courseId: string): Promise<ConflictView[]> {
  const rows = await db.editConflict.findMany({
    where: { courseId, settledAt: null },
    orderBy: [{ foundAt: "asc" }, { id: "asc" }],
    take: 100,
  });
  return Promise.all(
    rows.map(async (row): Promise<ConflictView> => {
      const { kind, id } = readSubject(row.subject);
      const there = await findEdited(db, kind, id);
      const file = sideOf(row.fileValue);
      const site = siteOf(there, row.field);
      const slug = there?.slug ?? (await removedSlug(db, id));
      return {
        ...{ id: row.id, kind, slug, whole: row.field === wholeRow, field: fieldName(row.field) },
        what: `${kindWords[kind]} “${(await nameOf(db, kind, id, there?.site ?? fieldsOf(file))) ?? row.label}”`,
        before: sideIn(row.field, sideOf(row.baseValue)),
        file: sideIn(row.field, file),
        site: sideIn(row.field, site),
        seen: seenConflict({ file, site }),
        foundAt: row.foundAt.toISOString(),
      };
    }),
  );
}

async function removedSlug(db: Services["db"], id: string): Promise<string> {
  const row = await db.siteRemoval.findUnique({ where: { id }, select: { slug: true } });
  return row?.slug ?? "";
}

function sideIn(field: string, value: Json): ConflictSide {
  if (field === wholeRow) return value === null ? null : sayFields(fieldsOf(value));
  return [{ field, name: fieldName(field), value: sayValue(field, value) }];
}

const fieldsOf = (value: Json): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};

async function nameOf(
  db: Services["db"],
  kind: EditedKind,
  id: string,
  fields: Fields,
): Promise<string | null> {
  if (kind === "assignment") {
    return (await db.assignment.findUnique({ where: { id }, select: { title: true } }))?.title ?? null;
  }
  if (kind === "office-hours") return "weekday" in fields ? sayHours(fields) : null;
  return typeof fields.title === "string" ? fields.title : null;
}
