import type { ClassSpec, OfficeHoursSpec } from "#course/catalogue/schedule-spec.ts";
import { storedExceptions, storedObjectives } from "#course/catalogue/stored-schedule.ts";
import { newId } from "#course/ids.ts";
import { writeEditedRows, writeRows } from "./write-rows.ts";
import { reportIn, type Writing } from "./writing.ts";

/** Classes, days without classes and office hours, as schedule.yaml says; a course without one has none of the file's. */
export async function writeSchedule(writing: Writing) {
  const spec = writing.files.schedule?.spec;
  await writeClasses(writing, spec?.classes ?? []);
  await writeBreaks(writing, spec?.breaks ?? []);
  await writeOfficeHours(writing, spec?.officeHours ?? []);
}

async function writeClasses(writing: Writing, classes: ClassSpec[]) {
  const { tx, courseId, now } = writing;
  const rows = await tx.classMeeting.findMany({ where: { courseId } });
  await writeRows(writing, {
    label: (number) => `class ${number}`,
    known: new Map(rows.map((row) => [row.number, row])),
    wanted: classes.map(
      ({ number, kind, title, place, objectives, slides, startsAt, endsAt, survey, talks }) =>
        [
          number,
          {
            ...{ kind, title, place, slides, startsAt, endsAt },
            objectives: storedObjectives.write(objectives),
            surveyDueAt: survey?.dueAt ?? null,
            surveyClosesAt: survey?.closesAt ?? null,
            talksStartAt: talks?.startAt ?? null,
            talkPlaces: talks?.places ?? null,
            talkMinutes: talks?.minutes ?? null,
          },
        ] as const,
    ),
    create: (number, wanted) =>
      tx.classMeeting.create({ data: { id: newId("cls", now), courseId, number, ...wanted } }),
    update: ({ id }, data) => tx.classMeeting.update({ where: { id }, data }),
    remove: async ({ id }) => {
      // Talks that were planned for it are without a place, which staff see in the plan.
      await tx.talk.updateMany({ where: { classId: id }, data: { classId: null, position: null } });
      await tx.classMeeting.delete({ where: { id } });
    },
  });
}

async function writeBreaks(writing: Writing, breaks: { from: string; to: string; title: string }[]) {
  const { tx, courseId } = writing;
  const rows = await tx.classBreak.findMany({ where: { courseId } });
  const keyOf = (fromDay: Date) => ({ courseId_fromDay: { courseId, fromDay } });
  await writeRows(writing, {
    label: (day) => `break from ${day}`,
    known: new Map(rows.map((row) => [row.fromDay.toISOString().slice(0, 10), row])),
    wanted: breaks.map(({ from, to, title }) => [from, { toDay: new Date(to), title }] as const),
    create: (day, wanted) => tx.classBreak.create({ data: { courseId, fromDay: new Date(day), ...wanted } }),
    update: ({ fromDay }, data) => tx.classBreak.update({ where: keyOf(fromDay), data }),
    remove: ({ fromDay }) => tx.classBreak.delete({ where: keyOf(fromDay) }),
  });
}

async function writeOfficeHours(writing: Writing, hours: OfficeHoursSpec[]) {
  const { tx, courseId, now } = writing;
  const rows = await tx.officeHours.findMany({ where: { courseId } });
  await writeEditedRows(writing, {
    kind: "office-hours",
    label: (slug) => `office hours ${slug}`,
    known: new Map(rows.map((row) => [row.slug, row])),
    wanted: hours.map(({ slug, day, from, to, place, link, exceptions }, index) => {
      const file = {
        ...{ weekday: day, fromTime: from, toTime: to, place, link: link ?? null },
        exceptions: storedExceptions.write(exceptions),
      };
      return [slug, file, { position: index + 1 }] as const;
    }),
    refuse(slug, { fromTime, toTime }) {
      if (`${fromTime}` < `${toTime}`) return false;
      reportIn(
        writing,
        { name: "schedule.yaml", line: writing.files.schedule?.lineOf(["officeHours"]) ?? 1 },
        `office hours ${slug}: with what staff set on the site they would be from ${fromTime} to ${toTime}. State a later end, or take the file's on the site's page of office hours`,
      );
      return true;
    },
    create: (slug, data) =>
      tx.officeHours.create({ data: { id: newId("ofh", now), courseId, slug, ...data } }),
    update: (id, data) => tx.officeHours.update({ where: { id }, data }),
    remove: (id) => tx.officeHours.delete({ where: { id } }),
  });
}
