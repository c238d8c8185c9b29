"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { deadlinesPath } from "#app/_ui/addresses.ts";
import { changeDates } from "#course/deadlines/dates/change-dates.ts";
import { dateFields } from "#course/deadlines/dates/dates-in-order.ts";
import type { TypedDates } from "#course/deadlines/dates/typed-dates.ts";
import { endExtension } from "#course/deadlines/end-extension.ts";
import { grantExtension, problemsOfTyped } from "#course/deadlines/grant-extension.ts";
import { setGrace } from "#course/deadlines/set-grace.ts";
import { createDeadlineStore } from "#infra/db/course/deadline-store.ts";
import { pickPerson } from "../access/pick-person.ts";
import { listPeople } from "../queries/course/course-people.ts";
import { action } from "./action.ts";
import { failedForm, refusedForm } from "./form-state.ts";

const text = z.string().max(2_000);
const where = { course: text, assignment: text };
const subject = ({ course, assignment }: { course: string; assignment: string }) => ({ course, assignment });

/** Gives a student a later due date and goes back to the page with the news; what is wrong comes beside its field. */
export const grantExtensionTo = action(
  {
    permission: "deadline.change",
    input: z.object({ ...where, student: text, date: text, time: text, zone: text, reason: text }),
    subject,
    failed: failedForm,
  },
  async ({ input, actor, subject: { courseId, assignmentId }, services: { db, clock } }) => {
    const { student, date, time, zone, reason } = input;
    const typed = { student, date, time, zone, reason };
    const picked = pickPerson(student, await listPeople(db, courseId));
    if ("message" in picked) {
      const nobody = { field: "student", message: picked.message };
      return refusedForm([nobody, ...problemsOfTyped(typed)], typed);
    }
    const studentId = picked.userId;
    const outcome = await grantExtension(
      { store: createDeadlineStore(db, clock) },
      { assignmentId, studentId, date, time, zone, reason, by: actor.userId },
    );
    if (outcome.outcome === "refused") return refusedForm(outcome.problems, typed);
    return redirect(backTo(input, { done: "granted", student: studentId }));
  },
);

/** Takes an extension back and goes back to the page with the news. */
export const endExtensionOf = action(
  {
    permission: "deadline.change",
    input: z.object({ ...where, student: text, extension: text, reason: text }),
    subject,
    failed: failedForm,
  },
  async ({ input, actor, subject: { assignmentId }, services: { db, clock } }) => {
    const { student: studentId, extension: extensionId, reason } = input;
    const outcome = await endExtension(
      { store: createDeadlineStore(db, clock) },
      { assignmentId, studentId, extensionId, reason, by: actor.userId },
    );
    if (outcome.outcome === "refused") return refusedForm(outcome.problems, { reason });
    return redirect(backTo(input, { done: "ended", student: studentId }));
  },
);

/** Sets the grace, or goes back to what the course's file says; source is the button that was pressed. */
export const setGraceOf = action(
  {
    permission: "deadline.change",
    input: z.object({
      ...where,
      grace: text,
      reason: text,
      source: z.enum(["staff", "file"]).default("staff"),
    }),
    subject,
    failed: failedForm,
  },
  async ({ input, actor, subject: { assignmentId }, services: { db, clock } }) => {
    const { grace, reason, source } = input;
    const minutes = grace.trim() === "" ? Number.NaN : Number(grace);
    const graceSeconds = source === "file" ? null : Math.round(minutes * 60);
    const outcome = await setGrace(
      { store: createDeadlineStore(db, clock) },
      { assignmentId, graceSeconds, reason, by: actor.userId },
    );
    if (outcome.outcome === "refused") return refusedForm(outcome.problems, { grace, reason });
    return redirect(backTo(input, { done: "grace" }));
  },
);

/** Moves the dates for everybody, or takes one back to what the course's file says; take is the button pressed. */
export const changeDatesOf = action(
  {
    permission: "deadline.change",
    input: z.object({
      ...where,
      ...{ releasedAtDate: text, releasedAtTime: text, dueAtDate: text, dueAtTime: text },
      ...{ availableUntilDate: text, availableUntilTime: text, zone: text, reason: text, seen: text },
      take: z.enum(dateFields).optional(),
    }),
    subject,
    failed: failedForm,
  },
  async ({ input, actor, subject: { assignmentId }, services: { db, clock } }) => {
    const { course, assignment, seen, take, ...typed } = input;
    const { zone, reason } = typed;
    const dates: TypedDates = {
      releasedAt: { date: typed.releasedAtDate, time: typed.releasedAtTime },
      dueAt: { date: typed.dueAtDate, time: typed.dueAtTime },
      availableUntil: { date: typed.availableUntilDate, time: typed.availableUntilTime },
    };
    const to = take === undefined ? { typed: dates, zone } : { fileOf: take };
    const outcome = await changeDates(
      { store: createDeadlineStore(db, clock) },
      { assignmentId, to, seen, reason, by: actor.userId },
    );
    if (outcome.outcome === "refused") return refusedForm(outcome.problems, typed);
    const done = outcome.outcome === "changed" ? "dates" : "same-dates";
    return redirect(backTo({ course, assignment }, { done }));
  },
);

function backTo(page: { course: string; assignment: string }, news: Record<string, string>): string {
  return `${deadlinesPath(page.course, page.assignment)}?${new URLSearchParams(news)}`;
}
