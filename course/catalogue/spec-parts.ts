import { z } from "zod";
import { anywhereOnEarth, isZone } from "../deadlines/zones.ts";

/** What several of a course's files have in common. */

export const slug = z
  .string()
  .max(80)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case words joined by hyphens, such as tutorial-7");

/** Another slug than those under which the site has something else. */
export const slugBeside = (taken: readonly string[]) =>
  slug.refine((name) => !taken.includes(name), {
    error: ({ input }) => `another name: /${String(input)} is taken`,
  });

export const zone = z.string().refine(isZone, `${anywhereOnEarth} or a name such as America/Los_Angeles`);

/** A zone in which people meet. */
export const place = zone.refine((name) => name !== anywhereOnEarth, "a place, such as America/Los_Angeles");

export const title = z.string().min(1).max(200);

/** On the clock of the course's zone, such as 15:40. */
export const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of day from 00:00 to 23:59, such as 15:40");

/** A day of the calendar; whether it exists is for whoever knows the zone. */
export const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "a day such as 2024-11-21");

/** Somewhere on the web; nothing that a browser would run. */
export const link = z.url({ protocol: /^https?$/, error: "an address that begins with https://" }).max(2000);

/** Reports `message` at a path below the file's root, as zod's issues do. */
export type Report = (path: (string | number)[], message: string) => void;

export function reportRepeated(
  names: readonly (string | number)[],
  pathOf: (index: number) => (string | number)[],
  report: Report,
) {
  names.forEach((name, index) => {
    if (names.indexOf(name) < index) report(pathOf(index), `${name} is listed twice.`);
  });
}
