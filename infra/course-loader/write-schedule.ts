import type { ClassSpec, OfficeHoursSpec } from "#course/catalogue/schedule-spec.ts";
import { storedExceptions, storedObjectives } from "#course/catalogue/stored-schedule.ts";
import { newId } from "#course/ids.ts";
import type { Prisma } from "#infra/db/generated/client.ts";
import { keepEdits, mayRemove } from "./keep-edits.ts";
import { differences, jsonOf } from "./row-json.ts";
import { noteChange, type Writing } from "./writing.ts";

/** Classes, days without classes and office hours, as schedule.yaml says; a course without one has none of the file's. */
export async function writeSchedule(writing: Writing) {
  const spec = writing.files.schedule?.spec;
  await writeClasses(writing, spec?.classes ?? []);
  await writeBreaks(writing, spec?.breaks ?? []);
  await writeOfficeHours(writing, spec?.officeHours ?? []);
}

async function writeClasses(writing: Writing, classes: ClassSpec[]) {
  const { tx, courseId, now } = writing;
  const known = new Map(
    (await tx.classMeeting.findMany({ where: { courseId } })).map((row) => [row.number, row]),
  );
  for (const { number, kind, title, place, objectives, slides, startsAt, endsAt, survey } of classes) {
    const wanted = {
      ...{ kind, title, place, slides, startsAt, endsAt },
      objectives: storedObjectives.write(objectives),
      surveyDueAt: survey?.dueAt ?? null,
      surveyClosesAt: survey?.closesAt ?? null,
    };
    const row = known.get(number);
    known.delete(number);
    if (row === undefined) {
      noteChange(writing, `class ${number}`, "added");
      await tx.classMeeting.create({ data: { id: newId("cls", now), courseId, number, ...wanted } });
      continue;
    }
    const fields = differences(jsonOf(row, wanted), jsonOf(wanted, wanted));
    if (fields.length === 0) continue;
    noteChange(writing, `class ${number}`, "changed", fields);
    await tx.classMeeting.update({ where: { id: row.id }, data: wanted });
  }
  for (const row of known.values()) {
    noteChange(writing, `class ${row.number}`, "removed");
    await tx.classMeeting.delete({ where: { id: row.id } });
  }
}

async function writeBreaks(writing: Writing, breaks: { from: string; to: string; title: string }[]) {
  const { tx, courseId } = writing;
  const known = await tx.classBreak.findMany({ where: { courseId } });
  for (const { from, to, title } of breaks) {
    const wanted = { toDay: new Date(to), title };
    const key = { courseId, fromDay: new Date(from) };
    const row = known.find((one) => one.fromDay.getTime() === key.fromDay.getTime());
    if (row === undefined) {
      noteChange(writing, `break from ${from}`, "added");
      await tx.classBreak.create({ data: { ...key, ...wanted } });
      continue;
    }
    const fields = differences(jsonOf(row, wanted), jsonOf(wanted, wanted));
    if (fields.length === 0) continue;
    noteChange(writing, `break from ${from}`, "changed", fields);
    await tx.classBreak.update({ where: { courseId_fromDay: key }, data: wanted });
  }
  for (const row of known) {
    const day = row.fromDay.toISOString().slice(0, 10);
    if (breaks.some(({ from }) => from === day)) continue;
    noteChange(writing, `break from ${day}`, "removed");
    await tx.classBreak.delete({ where: { courseId_fromDay: { courseId, fromDay: row.fromDay } } });
  }
}

async function writeOfficeHours(writing: Writing, hours: OfficeHoursSpec[]) {
  const { tx, courseId, now } = writing;
  const known = new Map(
    (await tx.officeHours.findMany({ where: { courseId } })).map((row) => [row.slug, row]),
  );
  for (const [index, spec] of hours.entries()) {
    const { slug } = spec;
    const label = `office hours ${slug}`;
    const file = {
      ...{
        weekday: spec.day,
        fromTime: spec.from,
        toTime: spec.to,
        place: spec.place,
        link: spec.link ?? null,
      },
      exceptions: storedExceptions.write(spec.exceptions),
    };
    const position = index + 1;
    const row = known.get(slug);
    known.delete(slug);
    if (row === undefined) {
      noteChange(writing, label, "added");
      const fromFile = jsonOf(file, file) as Prisma.InputJsonObject;
      const data = { id: newId("ofh", now), courseId, slug, position, ...file, fromFile };
      await tx.officeHours.create({ data });
      continue;
    }
    const site = jsonOf(row, file);
    const subject = `office-hours:${row.id}`;
    const base = row.fromFile ?? nothingOf(file);
    const kept = await keepEdits(writing, { subject, label, file: jsonOf(file, file), base, site });
    const fields = differences({ ...site, position: row.position }, { ...kept.values, position });
    if (fields.length > 0) noteChange(writing, label, "changed", fields);
    const data = { ...kept.values, position, fromFile: kept.fromFile };
    await tx.officeHours.update({ where: { id: row.id }, data: data as Prisma.OfficeHoursUpdateInput });
  }
  for (const row of known.values()) {
    // Made on the site: no file has ever had them.
    if (row.fromFile === null) continue;
    const { id, slug, weekday, fromTime, toTime, place, link, exceptions } = row;
    const edited = { weekday, fromTime, toTime, place, link, exceptions };
    const label = `office hours ${slug}`;
    const found = { subject: `office-hours:${id}`, label, base: row.fromFile, site: jsonOf(edited, edited) };
    if (!(await mayRemove(writing, found))) continue;
    noteChange(writing, label, "removed");
    await tx.officeHours.delete({ where: { id } });
  }
}

/** The base of a row that no file had: whatever the file says of it now is another thing than what staff made. */
export const nothingOf = (file: object) =>
  Object.fromEntries(Object.keys(file).map((field) => [field, null]));
