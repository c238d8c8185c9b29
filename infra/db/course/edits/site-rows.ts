import { sameJson, wholeRow } from "#course/catalogue/merge-edits.ts";
import { storedRemovedRow } from "#course/catalogue/stored-edits.ts";
import type { Clock } from "#course/clock.ts";
import { fingerprint } from "#course/fingerprint.ts";
import { newId } from "#course/ids.ts";
import type { Db, Tx } from "../../connection/client.ts";
import { Prisma } from "../../generated/client.ts";
import {
  agreeConflicts,
  asTheFileSays,
  closeConflicts,
  type Edit,
  openConflicts,
} from "./agree-conflicts.ts";
import {
  createEdited,
  deleteEdited,
  type Fields,
  findEdited,
  type OwnKind,
  subjectOf,
  updateEdited,
} from "./edited-tables.ts";
import { lockCourseOf } from "./lock-course.ts";

/** gone: somebody removed it. meanwhile: somebody changed it since it was seen. */
export type EditOutcome = "done" | "gone" | "meanwhile";

export interface SiteRows {
  /** Makes one; gives its slug, which is `wanted` where nothing else has that. */
  make(row: { kind: OwnKind; courseId: string; wanted: string; fields: Fields }): Promise<string>;
  /** seen: fingerprint of the fields as its editor saw them. */
  change(row: {
    kind: OwnKind;
    courseId: string;
    id: string;
    seen: string;
    fields: Fields;
    by: string;
  }): Promise<EditOutcome>;
  /** Sets all fields to what the file says. */
  takeFile(row: {
    kind: OwnKind;
    courseId: string;
    id: string;
    seen: string;
    by: string;
  }): Promise<EditOutcome>;
  /** It can be brought back, and its file does not bring it back by itself. */
  remove(row: { kind: OwnKind; courseId: string; id: string; by: string }): Promise<EditOutcome>;
  bringBack(row: { kind: OwnKind; courseId: string; id: string; by: string }): Promise<EditOutcome>;
}

const prefixes = { announcement: "ann", "office-hours": "ofh" } as const;

/** Announcements and office hours as staff write them on the site; each act is one transaction under the course's lock. */
export function createSiteRows(db: Db, clock: Clock): SiteRows {
  const under = <Result>(courseId: string, work: (edit: Omit<Edit, "by">) => Promise<Result>) =>
    db.$transaction(async (tx) => {
      await lockCourseOf(tx, courseId);
      return work({ tx, courseId, now: clock() });
    });
  return {
    make: ({ kind, courseId, wanted, fields }) =>
      under(courseId, async ({ tx, now }) => {
        const slug = await freeSlug(tx, { kind, courseId, wanted });
        const id = newId(prefixes[kind], now);
        await createEdited(tx, kind, { id, courseId, slug, site: fields, base: null, position: null });
        return slug;
      }),
    change: ({ kind, courseId, id, seen, fields, by }) =>
      under(courseId, async (edit) => {
        const row = await findOwn(edit, kind, id);
        if (row === null) return "gone";
        if (fingerprint(row.site) !== seen) return "meanwhile";
        const site = { ...row.site, ...fields };
        if (sameJson(site, row.site)) return "done";
        const base = await agreeConflicts({ ...edit, by }, kind, { ...row, site });
        await updateEdited(edit.tx, kind, { id, site, base });
        return "done";
      }),
    takeFile: ({ kind, courseId, id, seen, by }) =>
      under(courseId, async (edit) => {
        const row = await findOwn(edit, kind, id);
        // What the file dropped meanwhile is for its conflict to settle.
        if (row === null || row.base === null) return "gone";
        if (fingerprint(row.site) !== seen) return "meanwhile";
        const site = asTheFileSays(row, await openConflicts(edit, kind, id));
        const base = await agreeConflicts({ ...edit, by }, kind, { ...row, site });
        await updateEdited(edit.tx, kind, { id, site, base });
        return "done";
      }),
    remove: ({ kind, courseId, id, by }) => under(courseId, (edit) => removeRow({ ...edit, by }, kind, id)),
    bringBack: ({ kind, courseId, id, by }) =>
      under(courseId, (edit) => bringBack({ ...edit, by }, kind, id)),
  };
}

/** Of the course alone for which its editor was asked who they are. */
async function findOwn({ tx, courseId }: Omit<Edit, "by">, kind: OwnKind, id: string) {
  const row = await findEdited(tx, kind, id);
  return row?.courseId === courseId ? row : null;
}

async function removeRow(edit: Edit, kind: OwnKind, id: string): Promise<EditOutcome> {
  const { tx, courseId, now, by } = edit;
  const row = await findOwn(edit, kind, id);
  if (row === null) return "gone";
  const open = await openConflicts(edit, kind, id);
  await closeConflicts(
    edit,
    open.map((one) => one.id),
  );
  // Where the file dropped it too, they agree; else the file is known to say what it says, and the removal stands.
  const dropped = open.some(({ field, file }) => field === wholeRow && file === null);
  const base = row.base === null || dropped ? null : asTheFileSays(row, open);
  const kept = row.position === null ? row.site : { ...row.site, position: row.position };
  await deleteEdited(tx, kind, id);
  await tx.siteRemoval.create({
    data: {
      ...{ id, courseId, kind, slug: row.slug, removedAt: now, removedById: by },
      fields: storedRemovedRow.write(kept) as Prisma.InputJsonObject,
      fromFile: base === null ? Prisma.DbNull : (base as Prisma.InputJsonObject),
    },
  });
  return "done";
}

async function bringBack(edit: Edit, kind: OwnKind, id: string): Promise<EditOutcome> {
  const { tx, courseId } = edit;
  const removal = await tx.siteRemoval.findFirst({ where: { id, courseId, kind } });
  if (removal === null) return "gone";
  const read = storedRemovedRow.read(removal.fields);
  if (read.outcome === "unreadable") throw new Error(`${subjectOf(kind, id)}: ${read.why}`);
  const { position = null, ...site } = read.value;
  await createEdited(tx, kind, {
    ...{ id, courseId, slug: removal.slug, site },
    base: removal.fromFile as Fields | null,
    position: typeof position === "number" ? position : null,
  });
  await tx.siteRemoval.delete({ where: { id } });
  // Whatever file and site then say of it is for the next sync to compare.
  await closeConflicts(
    edit,
    (await openConflicts(edit, kind, id)).map((one) => one.id),
  );
  return "done";
}

/** Neither of a row nor of one that was removed. */
async function freeSlug(
  tx: Tx,
  { kind, courseId, wanted }: { kind: OwnKind; courseId: string; wanted: string },
): Promise<string> {
  const where = { courseId, slug: { startsWith: wanted } };
  const select = { slug: true };
  const rows =
    kind === "announcement"
      ? await tx.announcement.findMany({ where, select })
      : await tx.officeHours.findMany({ where, select });
  const removed = await tx.siteRemoval.findMany({ where: { ...where, kind }, select });
  const taken = new Set([...rows, ...removed].map(({ slug }) => slug));
  for (let number = 1; ; number++) {
    const slug = number === 1 ? wanted : `${wanted}-${number}`;
    if (!taken.has(slug)) return slug;
  }
}
