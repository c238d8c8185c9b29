import type { SaidInstant } from "#course/deadlines/say-instant.ts";
import { Countdown } from "./countdown.tsx";
import { isOld } from "./is-old.ts";
import { SaidTime } from "./said-time.tsx";

interface DueProps {
  at: SaidInstant | null;
  nowIso: string;
}

/** capital: where it begins a line. */
type DueLineProps = DueProps & { capital?: boolean };

/** "due Fri, Oct 4, end of day (AoE), in 2 d 4 h"; of what is long over only the day. */
export function Due({ at, nowIso, capital }: DueLineProps) {
  if (at === null) return <span>{capital ? "No deadline" : "no deadline"}</span>;
  return (
    <span>
      {capital ? "Due" : "due"} <SaidTime at={at} />
      <HowLong at={at} nowIso={nowIso} />
    </span>
  );
}

/** ", in 2 d 4 h": nothing where the day says more. */
export function HowLong({ at, nowIso }: { at: SaidInstant; nowIso: string }) {
  if (isOld(at.instant, new Date(nowIso))) return null;
  return (
    <>
      , <Countdown iso={at.instant.toISOString()} nowIso={nowIso} />
    </>
  );
}

/** In a cell of a table: the day, with how long where that says more. */
export function DueCell({ at, nowIso }: DueProps) {
  if (at === null) return <>no deadline</>;
  if (isOld(at.instant, new Date(nowIso))) return <SaidTime at={at} short />;
  return (
    <>
      <SaidTime at={at} />
      <div>
        <Countdown iso={at.instant.toISOString()} nowIso={nowIso} />
      </div>
    </>
  );
}
