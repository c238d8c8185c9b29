"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { officeHoursPath } from "#app/_ui/addresses.ts";
import { addException, readOfficeHours } from "#course/catalogue/read-office-hours.ts";
import { storedExceptions } from "#course/catalogue/stored-schedule.ts";
import { findEdited } from "#infra/db/course/edits/edited-tables.ts";
import { createSiteRows } from "#infra/db/course/edits/site-rows.ts";
import type { Services } from "../services.ts";
import { action } from "./action.ts";
import { notThere, whyNotDone } from "./edit-outcome.ts";
import { failedForm, refusedForm } from "./form-state.ts";

const text = z.string().max(2_000);
const where = { course: text };
/** hours: by their id. */
const one = { ...where, hours: text };
const subject = ({ course }: { course: string }) => ({ course });
const kind = "office-hours";
const back = (course: string, done: string): never => redirect(`${officeHoursPath(course)}?done=${done}`);

/** Adds weekly hours, or changes some that are there. */
export const setOfficeHours = action(
  {
    permission: "office-hours.change",
    input: z.object({
      ...where,
      ...{ weekday: text, from: text, to: text, place: text, link: text },
      hours: text.optional(),
      seen: text.default(""),
    }),
    subject,
    failed: failedForm,
  },
  async ({ input, actor, subject: { courseId }, services: { db, clock } }) => {
    const { course, hours: id, seen, ...typed } = input;
    const read = readOfficeHours(typed);
    if ("problems" in read) return refusedForm(read.problems, typed);
    const rows = createSiteRows(db, clock);
    const fields = { ...read.hours };
    if (id === undefined) {
      const wanted = read.hours.weekday;
      await rows.make({ kind, courseId, wanted, fields: { ...fields, exceptions: [] } });
      return back(course, "added");
    }
    const outcome = await rows.change({ kind, courseId, id, seen, fields, by: actor.userId });
    return whyNotDone(outcome, typed) ?? back(course, "changed");
  },
);

/** One day on which they are held otherwise, or not at all, in place of what was said of that day. */
export const setException = action(
  {
    permission: "office-hours.change",
    input: z.object({
      ...one,
      ...{ date: text, from: text, to: text, place: text, note: text, seen: text },
      cancelled: z.string().max(10).default(""),
    }),
    subject,
    failed: failedForm,
  },
  async ({ input, actor, subject: { courseId }, services }) => {
    const { course, hours: id, seen, ...typed } = input;
    const held = await heldHours(services, courseId, id);
    if (held === null) return notThere(typed);
    const added = addException(typed, held);
    if ("problems" in added) return refusedForm(added.problems, typed);
    const fields = { exceptions: storedExceptions.write(added.exceptions) };
    const rows = createSiteRows(services.db, services.clock);
    const outcome = await rows.change({ kind, courseId, id, seen, fields, by: actor.userId });
    return whyNotDone(outcome, typed) ?? back(course, "exception");
  },
);

/** Held on this day as every week. */
export const dropException = action(
  {
    permission: "office-hours.change",
    input: z.object({ ...one, date: text, seen: text }),
    subject,
    failed: failedForm,
  },
  async ({ input, actor, subject: { courseId }, services }) => {
    const { course, hours: id, date, seen } = input;
    const held = await heldHours(services, courseId, id);
    const exceptions = (held?.exceptions ?? []).filter((exception) => exception.date !== date);
    const fields = { exceptions: storedExceptions.write(exceptions) };
    const rows = createSiteRows(services.db, services.clock);
    const outcome = await rows.change({ kind, courseId, id, seen, fields, by: actor.userId });
    return whyNotDone(outcome) ?? back(course, "no-exception");
  },
);

/** Sets all of it to what schedule.yaml says. */
export const takeHoursOfFile = action(
  {
    permission: "office-hours.change",
    input: z.object({ ...one, seen: text }),
    subject,
    failed: failedForm,
  },
  async ({ input, actor, subject: { courseId }, services: { db, clock } }) => {
    const { course, hours: id, seen } = input;
    const outcome = await createSiteRows(db, clock).takeFile({ kind, courseId, id, seen, by: actor.userId });
    return whyNotDone(outcome) ?? back(course, "taken");
  },
);

/** Their page then offers to bring them back. */
export const removeOfficeHours = action(
  { permission: "office-hours.change", input: z.object(one), subject, failed: failedForm },
  async ({ input, actor, subject: { courseId }, services: { db, clock } }) => {
    const { course, hours: id } = input;
    const outcome = await createSiteRows(db, clock).remove({ kind, courseId, id, by: actor.userId });
    return whyNotDone(outcome) ?? back(course, "removed");
  },
);

export const bringHoursBack = action(
  { permission: "office-hours.change", input: z.object(one), subject, failed: failedForm },
  async ({ input, actor, subject: { courseId }, services: { db, clock } }) => {
    const { course, hours: id } = input;
    const outcome = await createSiteRows(db, clock).bringBack({ kind, courseId, id, by: actor.userId });
    return whyNotDone(outcome) ?? back(course, "back");
  },
);

/** What an exception is one of; null: they are not there any more. */
async function heldHours({ db }: Services, courseId: string, id: string) {
  const [row, term] = await Promise.all([
    findEdited(db, kind, id),
    db.course.findUniqueOrThrow({ where: { id: courseId }, select: { startsOn: true, endsOn: true } }),
  ]);
  const exceptions = storedExceptions.read(row?.site.exceptions ?? null);
  if (row === null || row.courseId !== courseId || exceptions.outcome === "unreadable") return null;
  const { startsOn, endsOn } = term;
  const day = (at: Date) => at.toISOString().slice(0, 10);
  return {
    ...{ weekday: `${row.site.weekday}`, from: `${row.site.fromTime}`, to: `${row.site.toTime}` },
    exceptions: exceptions.value,
    term: startsOn === null || endsOn === null ? null : { starts: day(startsOn), ends: day(endsOn) },
  };
}
