import type { CalendarEntry } from "./calendar-entry.ts";

/** Somebody's own presentation in their calendar. key: of theirs among them, since who leaves a team has it no more. */
export const talkEntry = (talk: {
  key: string;
  title: string;
  startsAt: Date;
  minutes: number;
  room: string | null;
  path: string;
}): CalendarEntry => ({
  key: `talk-${talk.key}`,
  when: {
    kind: "span",
    startsAt: talk.startsAt,
    endsAt: new Date(talk.startsAt.getTime() + talk.minutes * 60_000),
  },
  title: `Your presentation: ${talk.title}`,
  lines: [`${talk.minutes} minutes.`],
  place: talk.room,
  path: talk.path,
  busy: true,
});
