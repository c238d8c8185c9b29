"use client";

import { formatSeconds } from "../format.ts";
import classes from "./countdown.module.css";
import { useNow } from "./use-now.ts";

/**
 * "in 2 d 4 h" before the instant, "3 h 2 min ago" after it, never in two lines; ticks, and is silent for screen
 * readers. For what is near: see Due.
 */
export function Countdown({ iso, nowIso }: { iso: string; nowIso: string }) {
  const now = useNow(nowIso);
  const seconds = Math.round((Date.parse(iso) - now) / 1000);
  const long = formatSeconds(Math.abs(seconds)).replace(/ d 0 h$/, " d");
  return (
    <span className={`num ${classes.whole}`} role="timer" aria-live="off">
      {seconds > 0 ? `in ${long}` : `${long} ago`}
    </span>
  );
}
