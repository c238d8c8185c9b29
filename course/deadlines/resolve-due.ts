import {
  anywhereOnEarth,
  asIfUtc,
  dayAfter,
  instantsOf,
  isZone,
  type LocalTime,
  startOfDay,
} from "./zones.ts";

export type ResolveOutcome =
  | { outcome: "ok"; instant: Date }
  /** message: one sentence that names the text, the rule and the fix. */
  | { outcome: "invalid"; message: string };

const form = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?$/;

/**
 * The instant that a due date means, as an author writes it: `2024-11-14` is the end of that day (the next day's
 * 00:00), `2024-11-14T23:59` that very minute's beginning. Deadlines are closed-open: what is received before the
 * instant is on time. A local time that a clock change skips is refused; one that happens twice means the later.
 */
export function resolveDue(text: string, zone: string): ResolveOutcome {
  return resolve(text, zone, (day) => startOfDay(dayAfter(day), zone));
}

/** The same for the instant from which something is there: a day alone means its beginning. */
export function resolveRelease(text: string, zone: string): ResolveOutcome {
  return resolve(text, zone, (day) => startOfDay(day, zone));
}

function resolve(text: string, zone: string, dayAlone: (day: LocalTime) => Date): ResolveOutcome {
  if (!isZone(zone)) {
    return invalid(
      `${zone} is not a time zone: write ${anywhereOnEarth} or a name such as America/Los_Angeles.`,
    );
  }
  const found = form.exec(text.trim());
  if (found === null) {
    return invalid(
      `${text} is not a date: write a day such as 2024-11-14, or a day and time such as 2024-11-14T23:59.`,
    );
  }
  const [year = 0, month = 0, day = 0] = found.slice(1, 4).map(Number);
  const [hour = 0, minute = 0, second = 0] = found.slice(4).map((part) => Number(part ?? 0));
  const local: LocalTime = { year, month, day, hour, minute, second };
  try {
    asIfUtc(local);
    const isDate = found[4] === undefined;
    const instant = isDate ? dayAlone(local) : instantsOf(local, zone).at(-1);
    if (instant !== undefined) return { outcome: "ok", instant };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return invalid(`${text} does not exist: check the day and the time.`);
  }
  return invalid(
    `${text} does not exist in ${zone}, where clocks are put forward over it: choose an earlier or later time.`,
  );
}

function invalid(message: string): ResolveOutcome {
  return { outcome: "invalid", message };
}
