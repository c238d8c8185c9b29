import { zoneLine } from "./zone-lines.ts";

export interface Zones {
  reader: string;
  course: string;
}

/** An instant in the reader's zone; hover or focus shows it in the others (shell/zone-tips.tsx). */
export function ZonedTime({ iso, zones, seconds = false }: { iso: string; zones: Zones; seconds?: boolean }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the other zones must be reachable by keyboard
    <time dateTime={iso} tabIndex={0} data-zones={`${zones.reader} ${zones.course}`}>
      {zoneLine(new Date(iso), zones.reader, seconds)}
    </time>
  );
}
