"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { announcementPath, announcementsPath } from "#app/_ui/addresses.ts";
import { drawText } from "#app/_ui/announcements/drawn-text.ts";
import { readAnnouncement, slugOfTitle } from "#course/catalogue/read-announcement.ts";
import { createSiteRows } from "#infra/db/course/edits/site-rows.ts";
import { jsonOf } from "#infra/db/course/row-json.ts";
import type { Services } from "../services.ts";
import { action } from "./action.ts";
import { whyNotDone } from "./edit-outcome.ts";
import { failedForm, refusedForm, untouchedForm } from "./form-state.ts";

const text = z.string().max(2_000);
const where = { course: text };
const one = { ...where, announcement: text, slug: z.string().regex(/^[a-z0-9-]{1,100}$/) };
const subject = ({ course }: { course: string }) => ({ course });
const kind = "announcement";

/** Publishes a new one, or changes one that is there; does: the button that was pressed. */
export const writeAnnouncement = action(
  {
    permission: "announcement.change",
    input: z.object({
      ...where,
      title: text,
      // Longer than it may be, so that the rule says so and not the form.
      body: z.string().max(100_000),
      pinned: z.string().max(10).default(""),
      date: text,
      time: text,
      /** Of one that is there. */
      announcement: text.optional(),
      seen: text.default(""),
      does: z.enum(["preview", "save"]).default("save"),
    }),
    subject,
    failed: failedForm,
  },
  async ({ input, actor, subject: { courseId }, services }) => {
    const { course, announcement: id, seen, does, ...typed } = input;
    const { db, clock } = services;
    const [zone, standing] = await Promise.all([
      zoneOf(services, courseId),
      publishedAt(services, courseId, id),
    ]);
    const read = readAnnouncement(typed, { zone, standing, now: clock() });
    if (does === "preview") return { ...untouchedForm, typed, drawn: drawText(typed.body) };
    if ("problems" in read) return refusedForm(read.problems, typed);
    const { title } = read.announcement;
    const fields = jsonOf(read.announcement, read.announcement);
    const rows = createSiteRows(db, clock);
    if (id === undefined) {
      const slug = await rows.make({ kind, courseId, wanted: slugOfTitle(title), fields });
      return redirect(`${announcementsPath(course)}#${slug}`);
    }
    const refused = whyNotDone(
      await rows.change({ kind, courseId, id, seen, fields, by: actor.userId }),
      typed,
    );
    if (refused !== null) return refused;
    const where = { id, courseId };
    const { slug } = await db.announcement.findFirstOrThrow({ where, select: { slug: true } });
    return redirect(`${announcementsPath(course)}#${slug}`);
  },
);

/** Sets all of it to what its file says. */
export const takeAnnouncementOfFile = action(
  {
    permission: "announcement.change",
    input: z.object({ ...one, seen: text }),
    subject,
    failed: failedForm,
  },
  async ({ input, actor, subject: { courseId }, services: { db, clock } }) => {
    const { course, announcement: id, slug, seen } = input;
    const outcome = await createSiteRows(db, clock).takeFile({ kind, courseId, id, seen, by: actor.userId });
    return whyNotDone(outcome) ?? redirect(`${announcementPath(course, slug)}?done=taken`);
  },
);

/** Takes it from the page; its own page then offers to bring it back. */
export const removeAnnouncement = action(
  { permission: "announcement.change", input: z.object(one), subject, failed: failedForm },
  async ({ input, actor, subject: { courseId }, services: { db, clock } }) => {
    const { course, announcement: id, slug } = input;
    const outcome = await createSiteRows(db, clock).remove({ kind, courseId, id, by: actor.userId });
    return whyNotDone(outcome) ?? redirect(`${announcementPath(course, slug)}?done=removed`);
  },
);

export const bringAnnouncementBack = action(
  { permission: "announcement.change", input: z.object(one), subject, failed: failedForm },
  async ({ input, actor, subject: { courseId }, services: { db, clock } }) => {
    const { course, announcement: id, slug } = input;
    const outcome = await createSiteRows(db, clock).bringBack({ kind, courseId, id, by: actor.userId });
    return whyNotDone(outcome) ?? redirect(`${announcementPath(course, slug)}?done=back`);
  },
);

const zoneOf = async ({ db }: Services, courseId: string) =>
  (await db.course.findUniqueOrThrow({ where: { id: courseId }, select: { timeZone: true } })).timeZone;

async function publishedAt({ db }: Services, courseId: string, id: string | undefined) {
  if (id === undefined) return null;
  const found = await db.announcement.findFirst({ where: { id, courseId }, select: { publishAt: true } });
  return found?.publishAt ?? null;
}
