import { sayEnd, zoneOfEnd } from "#course/deadlines/say-instant.ts";
import { everyClock, type Zones } from "./every-clock.ts";

interface EndTimeProps {
  iso: string;
  zones: Zones;
  /** To the second: on receipts and in audits. */
  seconds?: boolean;
}

/** The end of a span: by the day that it ends, else as the reader's clock shows it. */
export function EndTime({ iso, zones, seconds }: EndTimeProps) {
  const end = new Date(iso);
  const zone = zoneOfEnd(end, zones.reader);
  const own = zone === zones.reader ? null : sayEnd(end, zones.reader, { seconds });
  return (
    <time dateTime={iso} title={everyClock(end, zones, { end: true, seconds })}>
      {sayEnd(end, zone, { seconds })}
      {own === null ? "" : `, your time: ${own}`}
    </time>
  );
}
