import type { Exception } from "#course/catalogue/read-office-hours.ts";
import { storedRemovedRow } from "#course/catalogue/stored-edits.ts";
import { storedExceptions } from "#course/catalogue/stored-schedule.ts";
import { fingerprint } from "#course/fingerprint.ts";
import { asTheFileSays, openConflicts } from "#infra/db/course/edits/agree-conflicts.ts";
import { type Fields, findEdited } from "#infra/db/course/edits/edited-tables.ts";
import type { Services } from "../../../services.ts";
import { type SaidField, sayDifferences, sayException, sayValue } from "./field-words.ts";

/** Weekly hours for whoever edits them. */
export interface EditedHours {
  id: string;
  slug: string;
  /** Tuesday, 14:30 to 15:30, CP 229 */
  said: string;
  weekday: string;
  from: string;
  to: string;
  place: string;
  link: string;
  exceptions: (Exception & { said: string })[];
  seen: string;
  fromFile: boolean;
  inFile: SaidField[];
  conflict: boolean;
}

export interface EditedOfficeHours {
  hours: EditedHours[];
  removed: { id: string; said: string }[];
  appointments: string | null;
}

/** Tuesday, 14:30 to 15:30, CP 229 */
export function sayHours(fields: Fields): string {
  const day = sayValue("weekday", fields.weekday ?? null);
  return `${day !== null && "text" in day ? day.text : ""}, ${fields.fromTime} to ${fields.toTime}, ${fields.place}`;
}

/** All office hours of a course, and those that staff removed. */
export async function readEditedHours({ db }: Services, courseId: string): Promise<EditedOfficeHours> {
  const [{ appointments }, rows, removed] = await Promise.all([
    db.course.findUniqueOrThrow({ where: { id: courseId }, select: { appointments: true } }),
    db.officeHours.findMany({ where: { courseId }, orderBy: [{ position: "asc" }, { slug: "asc" }] }),
    db.siteRemoval.findMany({ where: { courseId, kind: "office-hours" }, orderBy: { removedAt: "desc" } }),
  ]);
  return {
    appointments,
    hours: (await Promise.all(rows.map(({ id }) => readOne(db, courseId, id)))).flatMap((one) => one ?? []),
    removed: removed.map(({ id, slug, fields }) => {
      const read = storedRemovedRow.read(fields);
      return { id, said: read.outcome === "read" ? sayHours(read.value) : slug };
    }),
  };
}

async function readOne(db: Services["db"], courseId: string, id: string): Promise<EditedHours | null> {
  const [row, open] = await Promise.all([
    findEdited(db, "office-hours", id),
    openConflicts({ tx: db, courseId }, "office-hours", id),
  ]);
  if (row === null) return null;
  const { slug, site } = row;
  const exceptions = storedExceptions.read(site.exceptions);
  const file = row.base === null ? null : asTheFileSays(row, open);
  return {
    ...{ id, slug, said: sayHours(site), seen: fingerprint(site), fromFile: file !== null },
    ...{ weekday: `${site.weekday}`, from: `${site.fromTime}`, to: `${site.toTime}`, place: `${site.place}` },
    link: typeof site.link === "string" ? site.link : "",
    exceptions:
      exceptions.outcome === "read"
        ? exceptions.value.map((one) => ({ ...one, said: sayException(one) }))
        : [],
    inFile: sayDifferences(file, site),
    conflict: open.length > 0,
  };
}
