import type { ClassView } from "#app/_server/queries/course/schedule.ts";
import { sayClock, sayDay } from "#course/deadlines/say-instant.ts";
import { everyClock, type Zones } from "../time/every-clock.ts";

/** "Thu, Nov 21, 3:40 to 5:40 PM" on the clock of the course, since a class is in a room; the reader's when pointed at. */
export function ClassWhen({ one, zones, now }: { one: ClassView; zones: Zones; now?: Date }) {
  const [from, to] = [new Date(one.startsAt), new Date(one.endsAt)];
  return (
    <time dateTime={one.startsAt} title={everyClock(from, zones)}>
      {sayDay(from, zones.course, now)}, {sayClock(from, zones.course)} to {sayClock(to, zones.course)}
    </time>
  );
}
