import { z } from "zod";
import { resolveDue, resolveRelease } from "../deadlines/resolve-due.ts";
import { addDays, isCalendarDay, sayWeekday, weekdayOf, weekdays } from "./calendar-days.ts";
import { clockTime, day, link, type Report, reportRepeated, slug, title } from "./spec-parts.ts";

/**
 * The shape of content/<course>/schedule.yaml; days and times are those of the course's zone:
 *
 *   term: {starts: 2024-09-25, ends: 2024-12-13}
 *   meets: {from: "15:40", to: "17:40", place: Room 106}   # of every class that says nothing else
 *   survey: {dueDays: 3, dueAt: "20:59", closes: 2024-12-18T23:59}   # after each class; left out: none
 *   breaks: [{from: 2024-11-28, to: 2024-11-29, title: Thanksgiving}]
 *   classes:
 *     - number: 17
 *       date: 2024-11-21
 *       title: Kubernetes
 *       objectives: [Questions from 11/19, Kubernetes]
 *       slides: https://…
 *     - number: 18
 *       date: 2024-11-26
 *       kind: presentations
 *       title: Presentations, first day
 *       talks: {from: "15:50", places: 4, minutes: 20}   # one after the other; from: left out, as the class begins
 *   officeHours:
 *     - slug: tuesday
 *       day: tuesday
 *       from: "14:30"
 *       to: "15:30"
 *       place: CP 229
 *       exceptions: [{date: 2024-11-26, cancelled: true, note: Presentations begin early}]
 *   appointments: Or by appointment: write a mail.
 */

export const classKinds = ["lecture", "presentations", "exam"] as const;

const where = z.string().min(1).max(120);

const classSpec = z.strictObject({
  number: z.number().int().min(1).max(200),
  date: day,
  kind: z.enum(classKinds).default("lecture"),
  title,
  from: clockTime.optional(),
  to: clockTime.optional(),
  place: where.optional(),
  objectives: z.array(z.string().min(1).max(300)).max(30).default([]),
  slides: link.optional(),
  talks: z
    .strictObject({
      from: clockTime.optional(),
      places: z.number().int().min(1).max(40),
      minutes: z.number().int().min(1).max(240),
    })
    .optional(),
});

const exceptionSpec = z.strictObject({
  date: day,
  cancelled: z.boolean().default(false),
  /** When it is held at another time or in another place on that day. */
  from: clockTime.optional(),
  to: clockTime.optional(),
  place: where.optional(),
  note: z.string().min(1).max(200).optional(),
});

export const officeHoursSpec = z.strictObject({
  slug,
  day: z.enum(weekdays),
  from: clockTime,
  to: clockTime,
  place: where,
  link: link.optional(),
  exceptions: z.array(exceptionSpec).max(60).default([]),
});
export type OfficeHoursSpec = z.output<typeof officeHoursSpec>;

const schedule = z.strictObject({
  term: z.strictObject({ starts: day, ends: day }),
  meets: z.strictObject({ from: clockTime, to: clockTime, place: where }),
  survey: z
    .strictObject({ dueDays: z.number().int().min(0).max(60), dueAt: clockTime, closes: z.string() })
    .optional(),
  breaks: z
    .array(z.strictObject({ from: day, to: day, title }))
    .max(30)
    .default([]),
  classes: z.array(classSpec).max(200),
  officeHours: z.array(officeHoursSpec).max(40).default([]),
  appointments: z.string().min(1).max(300).optional(),
});
type Parsed = z.output<typeof schedule>;

export interface ClassSpec {
  number: number;
  kind: (typeof classKinds)[number];
  title: string;
  /** Of the course's zone. */
  date: string;
  place: string;
  objectives: string[];
  slides: string | null;
  startsAt: Date;
  endsAt: Date;
  /** Its survey opens when the class ends: until when it counts, and until when it is open. */
  survey: { dueAt: Date; closesAt: Date } | null;
  /** Of presentations: when the first talk begins, how many there are at most, and minutes for each. */
  talks: { startAt: Date; places: number; minutes: number } | null;
}

export type ScheduleSpec = Omit<Parsed, "classes"> & { classes: ClassSpec[] };

/** schedule.yaml of a course that meets in this zone, parsed and checked as a whole. */
export const scheduleSpec = (timeZone: string) =>
  schedule.transform((parsed, context): ScheduleSpec => {
    const report: Report = (path, message) => context.addIssue({ code: "custom", path, message });
    reportTerm(parsed, report);
    reportRepeated(
      parsed.officeHours.map((hours) => hours.slug),
      (index) => ["officeHours", index, "slug"],
      report,
    );
    parsed.officeHours.forEach((hours, index) => {
      reportHours(parsed, hours, (keys, message) => report(["officeHours", index, ...keys], message));
    });
    const closes = parsed.survey === undefined ? null : resolveDue(parsed.survey.closes, timeZone);
    if (closes?.outcome === "invalid") report(["survey", "closes"], closes.message);
    const closesAt = closes?.outcome === "ok" ? closes.instant : null;
    const classes = parsed.classes.flatMap((one, index) => {
      const at = (keys: (string | number)[], message: string) => report(["classes", index, ...keys], message);
      return resolveClass({ parsed, timeZone, closesAt }, one, at) ?? [];
    });
    reportClashes(parsed, classes, report);
    return { ...parsed, classes };
  });

function reportTerm({ term, breaks, meets }: Parsed, report: Report) {
  for (const key of ["starts", "ends"] as const) reportDay(term[key], (m) => report(["term", key], m));
  if (term.ends < term.starts) report(["term", "ends"], "The term ends before it starts.");
  if (meets.to <= meets.from) report(["meets", "to"], "Classes end before they start.");
  breaks.forEach((one, index) => {
    for (const key of ["from", "to"] as const) reportDay(one[key], (m) => report(["breaks", index, key], m));
    if (one.to < one.from) report(["breaks", index, "to"], "The break ends before it starts.");
  });
}

function reportDay(text: string, report: (message: string) => void): boolean {
  const exists = isCalendarDay(text);
  if (!exists) report(`${text} does not exist: check the day.`);
  return exists;
}

function reportHours(parsed: Parsed, hours: OfficeHoursSpec, report: Report) {
  if (hours.to <= hours.from) report(["to"], "They end before they start.");
  hours.exceptions.forEach(({ date, from, to }, index) => {
    const at = (key: string, message: string) => report(["exceptions", index, key], message);
    if (!reportDay(date, (message) => at("date", message))) return;
    const weekday = weekdayOf(date);
    if (weekday !== hours.day)
      at("date", `${date} is a ${sayWeekday(weekday)}, and these are on ${sayWeekday(hours.day)}.`);
    if ((to ?? hours.to) <= (from ?? hours.from)) at("to", "They end before they start.");
    if (date < parsed.term.starts || date > parsed.term.ends) at("date", `${date} is not in the term.`);
  });
}

function resolveClass(
  from: { parsed: Parsed; timeZone: string; closesAt: Date | null },
  one: z.output<typeof classSpec>,
  report: Report,
): ClassSpec | null {
  const { parsed, timeZone, closesAt } = from;
  if (!reportDay(one.date, (message) => report(["date"], message))) return null;
  if (one.date < parsed.term.starts || one.date > parsed.term.ends) {
    report(["date"], `${one.date} is not in the term, ${parsed.term.starts} to ${parsed.term.ends}.`);
  }
  const without = parsed.breaks.find((pause) => pause.from <= one.date && one.date <= pause.to);
  if (without) report(["date"], `${one.date} has no classes: ${without.title}.`);
  const instantOf = (key: string, text: string) => {
    const resolved = resolveRelease(text, timeZone);
    if (resolved.outcome === "ok") return resolved.instant;
    report([key], resolved.message);
    return null;
  };
  const startsAt = instantOf("from", `${one.date}T${one.from ?? parsed.meets.from}`);
  const endsAt = instantOf("to", `${one.date}T${one.to ?? parsed.meets.to}`);
  if (startsAt === null || endsAt === null) return null;
  if (endsAt <= startsAt) report(["to"], "The class ends before it starts.");
  const { number, kind, title, date, objectives, talks } = one;
  const talksFrom = talks?.from === undefined ? startsAt : instantOf("talks", `${date}T${talks.from}`);
  if (talks !== undefined) reportTalks({ ...talks, kind, startAt: talksFrom, startsAt, endsAt }, report);
  const { survey } = parsed;
  const dueAt =
    survey === undefined ? null : instantOf("date", `${addDays(date, survey.dueDays)}T${survey.dueAt}`);
  return {
    ...{ number, kind, title, date, objectives, startsAt, endsAt },
    place: one.place ?? parsed.meets.place,
    slides: one.slides ?? null,
    survey: dueAt === null || closesAt === null ? null : { dueAt, closesAt },
    talks: talks === undefined || talksFrom === null ? null : { ...talks, startAt: talksFrom },
  };
}

function reportTalks(
  talks: {
    kind: string;
    startAt: Date | null;
    startsAt: Date;
    endsAt: Date;
    places: number;
    minutes: number;
  },
  report: Report,
) {
  const { kind, startAt, places, minutes } = talks;
  if (kind !== "presentations") report(["talks"], "Only a class of kind presentations has talks.");
  if (startAt === null) return;
  const end = startAt.getTime() + places * minutes * 60_000;
  if (startAt < talks.startsAt) report(["talks", "from"], "The talks begin before the class.");
  if (end > talks.endsAt.getTime()) {
    report(
      ["talks"],
      `${places} talks of ${minutes} minutes end after the class: make them fewer or shorter.`,
    );
  }
}

/** Numbers are once each and rise with the days, and no class begins before the one before it has ended. */
function reportClashes(parsed: Parsed, classes: ClassSpec[], report: Report) {
  reportRepeated(
    parsed.classes.map((one) => one.number),
    (index) => ["classes", index, "number"],
    report,
  );
  const sorted = [...classes].sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
  sorted.forEach((one, at) => {
    const before = sorted[at - 1];
    if (before === undefined) return;
    const index = parsed.classes.findIndex((row) => row.number === one.number && row.date === one.date);
    if (one.startsAt < before.endsAt) {
      report(["classes", index, "date"], `Classes ${before.number} and ${one.number} are at the same time.`);
    } else if (one.number < before.number) {
      report(["classes", index, "number"], `Class ${one.number} is after class ${before.number}.`);
    }
  });
}
