import { sayDay, sayInstant } from "#course/deadlines/say-instant.ts";
import { everyClock, type Zones } from "./every-clock.ts";
import { isOld } from "./is-old.ts";

export type { Zones } from "./every-clock.ts";

interface ZonedTimeProps {
  iso: string;
  zones: Zones;
  /** To the second: on receipts and in audits. */
  seconds?: boolean;
  /** Given in tables: what is older than a week is said by its day alone, and near days without their year. */
  nowIso?: string;
}

/**
 * An instant in the reader's zone; pointing at it shows the other clocks. It is no tab stop, or a table of twenty rows
 * would have fifty: by keyboard and touch the switch at the foot of each page writes them all out (AllZones).
 */
export function ZonedTime({ iso, zones, seconds = false, nowIso }: ZonedTimeProps) {
  const at = new Date(iso);
  const now = nowIso === undefined ? undefined : new Date(nowIso);
  const old = now !== undefined && isOld(at, now);
  return (
    <time dateTime={iso} title={everyClock(at, zones)}>
      {old ? sayDay(at, zones.reader, now) : sayInstant(at, zones.reader, { seconds, now })}
    </time>
  );
}
