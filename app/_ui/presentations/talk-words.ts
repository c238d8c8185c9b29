import type { TalkDayView, TalkLine } from "#app/_server/queries/course/presentations.ts";
import { sayClock, sayDay } from "#course/deadlines/say-instant.ts";
import type { Clash, TalkPlace } from "#course/presentations/plan.ts";

export const kindWords = { paper: "Paper", technology: "Technology" } as const;

export const stateWords = {
  proposed: "Proposed, waits for staff",
  approved: "Approved",
  returned: "Sent back: propose again",
} as const;

export const namesOf = (people: readonly { name: string }[]): string =>
  people.map(({ name }) => name).join(", ");

/** Of a day: Tue, Nov 26. */
export const sayTalkDay = ({ starts }: TalkDayView, zone: string, now?: Date): string =>
  starts[0] === undefined ? "no day" : sayDay(new Date(starts[0]), zone, now);

/** Of a place: Tue, Nov 26, 4:00 PM; null: it is none. */
export function sayPlace(place: TalkPlace | null, days: readonly TalkDayView[], zone: string): string | null {
  const day = days.find((one) => one.day === place?.day);
  const start = day?.starts[(place?.position ?? 0) - 1];
  if (day === undefined || start === undefined) return null;
  return `${sayTalkDay(day, zone)}, ${sayClock(new Date(start), zone)}`;
}

interface Saying {
  talks: readonly Pick<TalkLine, "teamId" | "title" | "members">[];
  days: readonly TalkDayView[];
  zone: string;
}

/** What clashes, in a sentence with the way out. */
export function sayClash(clash: Clash, { talks, days, zone }: Saying): string {
  const called = (teamId: string) => {
    const talk = talks.find((one) => one.teamId === teamId);
    return talk ? `“${talk.title}” (${namesOf(talk.members)})` : "A talk that is no more";
  };
  switch (clash.clash) {
    case "no-place":
      return `${called(clash.teamId)} has no place: choose one.`;
    case "no-such-place":
      return `${called(clash.teamId)} is at a place that the day has no more: choose another.`;
    case "blackout": {
      const day = days.find((one) => one.day === clash.day);
      return `${called(clash.teamId)} cannot present on ${day ? sayTalkDay(day, zone) : "that day"}: choose another day.`;
    }
    case "taken": {
      const where = sayPlace(clash.place, days, zone) ?? "one place";
      return `${clash.teamIds.map(called).join(" and ")} are both at ${where}: move one of them.`;
    }
  }
}
