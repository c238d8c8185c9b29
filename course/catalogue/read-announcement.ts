import type { FieldProblem } from "../deadlines/ports.ts";
import { resolveRelease } from "../deadlines/resolve-due.ts";
import { localTimeAt } from "../deadlines/zones.ts";
import { type AnnouncementSpec, longestAnnouncement } from "./announcement-spec.ts";
import { dayIn } from "./calendar-days.ts";
import { readText } from "./read-text.ts";

/** An announcement as a form has it; day and time are those of the course's zone. */
export interface TypedAnnouncement {
  title: string;
  body: string;
  /** "on": above the others. */
  pinned: string;
  /** Both empty: at once. */
  date: string;
  time: string;
}

type Written = Omit<AnnouncementSpec, "slug">;
type Field = keyof TypedAnnouncement;

const two = (part: number) => `${part}`.padStart(2, "0");

/** The day and time of a publication as a form shows them. */
export function typePublication(at: Date, zone: string): Pick<TypedAnnouncement, "date" | "time"> {
  const { hour, minute } = localTimeAt(at, zone);
  return { date: dayIn(zone, at), time: `${two(hour)}:${two(minute)}` };
}

/**
 * What staff wrote, or what is wrong with it beside each field. standing: when it is published so far, which stays to
 * the second where nobody typed another time; null of a new one, which is published now when no time is said.
 */
export function readAnnouncement(
  typed: TypedAnnouncement,
  { zone, standing, now }: { zone: string; standing: Date | null; now: Date },
): { announcement: Written } | { problems: FieldProblem<Field>[] } {
  const problems: FieldProblem<Field>[] = [];
  const title = readText(typed.title, { name: "a title", longest: 200 });
  if ("message" in title) problems.push({ field: "title", message: title.message });
  const body = readText(typed.body, { name: "what there is to say", longest: longestAnnouncement });
  if ("message" in body) problems.push({ field: "body", message: body.message });
  const at = publication(typed, { zone, standing, now });
  if ("message" in at) problems.push(at);
  if ("message" in title || "message" in body || "message" in at) return { problems };
  return {
    announcement: {
      title: title.text.replaceAll("\n", " "),
      body: body.text,
      pinned: typed.pinned === "on",
      publishAt: at.at,
    },
  };
}

function publication(
  typed: TypedAnnouncement,
  { zone, standing, now }: { zone: string; standing: Date | null; now: Date },
): { at: Date } | FieldProblem<"date" | "time"> {
  const [date, time] = [typed.date.trim(), typed.time.trim()];
  if (standing !== null) {
    const shown = typePublication(standing, zone);
    if (shown.date === date && shown.time === time) return { at: standing };
  }
  if (date === "" && time === "") return { at: now };
  if (date === "")
    return { field: "date", message: "Say the day of this time, or leave both empty for now." };
  if (time !== "" && !/^\d{2}:\d{2}(:\d{2})?$/.test(time)) {
    return { field: "time", message: `${time} is not a time: write one such as 18:00.` };
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || resolveRelease(date, zone).outcome === "invalid") {
    return { field: "date", message: `${date} is not a date: write a day such as 2024-11-25.` };
  }
  const resolved = resolveRelease(time === "" ? date : `${date}T${time}`, zone);
  if (resolved.outcome === "invalid") return { field: "time", message: resolved.message };
  return { at: resolved.instant };
}

/** What addresses call it: the ASCII words of its title. */
export function slugOfTitle(title: string): string {
  const plain = title.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  let slug = "";
  for (const word of plain.match(/[a-z0-9]+/g) ?? []) {
    if (slug.length + word.length >= 60) break;
    slug = slug === "" ? word : `${slug}-${word}`;
  }
  return slug === "" ? "announcement" : slug;
}
