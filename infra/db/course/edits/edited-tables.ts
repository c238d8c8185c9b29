import type { Json } from "#course/catalogue/merge-edits.ts";
import { storedFileFields } from "#course/catalogue/stored-edits.ts";
import { dateFields } from "#course/deadlines/dates/dates-in-order.ts";
import type { AssignmentDates } from "#course/deadlines/ports.ts";
import type { Tx } from "../../connection/client.ts";
import { Prisma } from "../../generated/client.ts";
import { jsonOf } from "../row-json.ts";

export const editedKinds = ["assignment", "announcement", "office-hours"] as const;
export type EditedKind = (typeof editedKinds)[number];
/** What staff may also make and remove on the site. */
export type OwnKind = Exclude<EditedKind, "assignment">;

export type Fields = Record<string, Json>;

/** A row whose fields files state and staff may edit, as JSON has it. */
export interface EditedRow {
  id: string;
  courseId: string;
  slug: string;
  /** As they stand. */
  site: Fields;
  /** As the file said them when they were last taken; null: no file has the row. */
  base: Fields | null;
  /** Of office hours: what only the files decide. */
  position: number | null;
}

const fieldsOf: Record<EditedKind, readonly string[]> = {
  assignment: dateFields,
  announcement: ["title", "body", "pinned", "publishAt"],
  "office-hours": ["weekday", "fromTime", "toTime", "place", "link", "exceptions"],
};

/** As in the subject of a conflict. */
export const subjectOf = (kind: EditedKind, id: string) => `${kind}:${id}`;

export function readSubject(subject: string): { kind: EditedKind; id: string } {
  const [name, id = ""] = subject.split(":");
  const kind = editedKinds.find((one) => one === name);
  if (kind === undefined) throw new Error(`Nobody edits ${subject}.`);
  return { kind, id };
}

export async function findEdited(tx: Tx, kind: EditedKind, id: string): Promise<EditedRow | null> {
  const row = await rowOf(tx, kind, id);
  if (row === null) return null;
  const shape = Object.fromEntries(fieldsOf[kind].map((field) => [field, null]));
  const site = jsonOf(row, shape);
  const read = row.fromFile === null ? null : storedFileFields.read(row.fromFile);
  // An assignment is always a file's; one that was not yet taken down stands as its file left it.
  const unread = kind === "assignment" ? site : null;
  const base = read?.outcome === "read" ? read.value : unread;
  const { courseId, slug } = row;
  return { id, courseId, slug, site, base, position: "weekday" in row ? row.position : null };
}

const rowOf = (tx: Tx, kind: EditedKind, id: string) => {
  const where = { id };
  if (kind === "assignment") return tx.assignment.findUnique({ where });
  if (kind === "announcement") return tx.announcement.findUnique({ where });
  return tx.officeHours.findUnique({ where });
};

/** Writes the fields that files state, and what is remembered as the file's. */
export async function updateEdited(
  tx: Tx,
  kind: EditedKind,
  { id, site, base }: Pick<EditedRow, "id" | "site" | "base">,
) {
  const update = { where: { id }, data: { ...site, fromFile: fromFileOf(base) } };
  if (kind === "assignment") await tx.assignment.update(update);
  else if (kind === "announcement") await tx.announcement.update(update);
  else await tx.officeHours.update(update);
}

/** site: all fields of the kind. */
export async function createEdited(tx: Tx, kind: OwnKind, row: EditedRow) {
  const { id, courseId, slug, site, base } = row;
  const data = { id, courseId, slug, ...site, fromFile: fromFileOf(base) };
  if (kind === "announcement") {
    await tx.announcement.create({ data: data as unknown as Prisma.AnnouncementUncheckedCreateInput });
    return;
  }
  const position = row.position ?? (await nextPosition(tx, courseId));
  await tx.officeHours.create({
    data: { ...data, position } as unknown as Prisma.OfficeHoursUncheckedCreateInput,
  });
}

async function nextPosition(tx: Tx, courseId: string): Promise<number> {
  const { _max } = await tx.officeHours.aggregate({ where: { courseId }, _max: { position: true } });
  return (_max.position ?? 0) + 1;
}

export async function deleteEdited(tx: Tx, kind: OwnKind, id: string) {
  const where = { id };
  if (kind === "announcement") await tx.announcement.delete({ where });
  else await tx.officeHours.delete({ where });
}

const fromFileOf = (base: Fields | null) =>
  base === null ? Prisma.DbNull : (storedFileFields.write(base) as Prisma.InputJsonObject);

/** An assignment's dates out of its fields. */
export const datesOfFields = (fields: Fields): AssignmentDates => {
  const dateOf = (value: Json | undefined) => (typeof value === "string" ? new Date(value) : null);
  const { releasedAt, dueAt, availableUntil } = fields;
  return {
    releasedAt: dateOf(releasedAt),
    dueAt: dateOf(dueAt),
    availableUntil: dateOf(availableUntil),
  };
};
