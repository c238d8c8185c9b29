import type { SaidInstant } from "#course/deadlines/say-instant.ts";
import { clockLines } from "./every-clock.ts";

/** An instant as the syllabus says it; short: its day alone. Pointing at it shows the other clocks. */
export function SaidTime({ at, short }: { at: SaidInstant; short?: boolean }) {
  return (
    <time dateTime={at.instant.toISOString()} title={clockLines(at.clocks)}>
      {short ? at.day : at.said}
    </time>
  );
}
