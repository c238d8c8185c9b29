import { type SaidClock, type Saying, sayOnEachClock } from "#course/deadlines/say-instant.ts";
import { anywhereOnEarth } from "#course/deadlines/zones.ts";

export interface Zones {
  reader: string;
  course: string;
}

/** The instant by the reader's clock, the course's, Anywhere on Earth and UTC: a line each. */
export function everyClock(at: Date, zones: Zones, how: Saying & { end?: boolean } = {}): string {
  return clockLines(sayOnEachClock(at, [zones.reader, zones.course, anywhereOnEarth, "UTC"], how));
}

/** For the title of a time: "Fri, Oct 4, 5:00 AM PDT · Pacific Daylight Time" and so on, a line each. */
export function clockLines(clocks: readonly SaidClock[]): string {
  return clocks.map(({ said, zoneName }) => `${said} · ${zoneName}`).join("\n");
}
