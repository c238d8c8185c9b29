"use client";

import { Tooltip } from "@mantine/core";
import { textInZone } from "#course/deadlines/zone-text.ts";
import { anywhereOnEarth } from "#course/deadlines/zones.ts";
import { distinctTexts, zoneLine } from "./zone-lines.ts";

export interface Zones {
  reader: string;
  course: string;
}

/** An instant in the reader's zone; hover or focus shows it in the course's zone, AoE and UTC. */
export function ZonedTime({ iso, zones, seconds = false }: { iso: string; zones: Zones; seconds?: boolean }) {
  const at = new Date(iso);
  const texts = distinctTexts(
    [zones.reader, zones.course, anywhereOnEarth, "UTC"].map((zone) => textInZone(at, zone)),
  );
  const label = texts.map(({ text, abbreviation, zoneName }) => (
    <div key={zoneName}>
      {text} {abbreviation} · {zoneName}
    </div>
  ));
  return (
    <Tooltip label={label} events={{ hover: true, focus: true, touch: true }} withArrow multiline>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the other zones must be reachable by keyboard */}
      <time dateTime={iso} tabIndex={0}>
        {zoneLine(at, zones.reader, seconds)}
      </time>
    </Tooltip>
  );
}
