import type { LaunchError } from "../provider.ts";
import type { FleetTimings } from "../timings.ts";

/** While a pause lasts no machine is asked for; runs wait in the queue. */
export interface LaunchPause {
  /** A clock that was set back to before this is none that the end was told by. */
  from: Date;
  until: Date;
  /** Failed launches in a row. */
  failures: number;
  kind: LaunchError["kind"];
}

/**
 * The pause after a failed launch: doubled with each failure in a row, up to the longest. A misconfigured
 * provider needs a person, so it is asked at the longest interval at once.
 */
export function nextPause(
  before: LaunchPause | null,
  kind: LaunchError["kind"],
  timings: Pick<FleetTimings, "launchPauseMs">,
  now: Date,
): LaunchPause {
  const failures = (before?.failures ?? 0) + 1;
  const { first, longest } = timings.launchPauseMs;
  const wait =
    kind === "misconfigured" ? longest : Math.min(longest, first * 2 ** Math.min(failures - 1, 20));
  return { from: now, until: new Date(now.getTime() + wait), failures, kind };
}

export function isPaused(pause: LaunchPause | null, now: Date): pause is LaunchPause {
  return pause !== null && pause.from <= now && now < pause.until;
}

/** From the end of a pause until the next launch may have told more. */
const untilTriedMs = 10_000;

/** Why machines are not to be had, from a failed launch on until there was time to try again; null: no such reason. */
export function troubleOf(pause: LaunchPause | null, now: Date): LaunchError["kind"] | null {
  if (pause === null || now < pause.from) return null;
  return now.getTime() < pause.until.getTime() + untilTriedMs ? pause.kind : null;
}
