import { textInZone } from "#course/deadlines/zone-text.ts";

/** So many submissions of one student to one exercise are taken in a row … */
const inARow = 10;
/** … and then one each time this has passed. Short, so that nobody is kept out for long before a deadline. */
const everyMs = 120_000;

/** Of a student's last submissions to the exercise this many decide. */
export const paceHistory = 60;

/** Said where work is handed in. */
export const paceRule = `up to ${inARow} in a row, then one every ${everyMs / 60_000} minutes`;

/** Uploads at once may be stamped in another order than they are written down. */
const slackMs = 2_000;

/**
 * When the next submission is taken that comes at `now`; null: then. received: of the last ones that were accepted, in
 * any order; one that was refused costs nothing. A bucket of permits that fills up again (generic cell rate algorithm).
 * clock: what it shows, where that is later. What was received after that is from before the clock was set back and
 * does not count, or it would keep its student out until the clock has caught up.
 */
export function nextUploadAt(received: readonly Date[], now: Date, clock: Date = now): Date | null {
  const times = received
    .map((at) => at.getTime())
    .filter((at) => at <= clock.getTime() + slackMs)
    .sort((a, b) => a - b);
  /** When every permit would be there again. */
  const full = times.reduce((until, at) => Math.max(until, at) + everyMs, Number.NEGATIVE_INFINITY);
  const opens = full - (inARow - 1) * everyMs;
  return opens > now.getTime() ? new Date(opens) : null;
}

/**
 * Names the rule, when it is over, and that nothing is lost. zone: of the clock that it names, for a page stands longer
 * than its seconds.
 */
export function tooFastSentence(opensAt: Date, now: Date, zone = "UTC"): string {
  const seconds = Math.max(1, Math.ceil((opensAt.getTime() - now.getTime()) / 1000));
  // Rounded up: at the second that is named it is taken.
  const { text, abbreviation } = textInZone(new Date(Math.ceil(opensAt.getTime() / 1000) * 1000), zone);
  const at = `${text.split(", ").at(-1)} ${abbreviation}`;
  return `Submissions to one exercise are taken ${paceRule}; the next one is taken at ${at}, in ${seconds} ${seconds === 1 ? "second" : "seconds"}. All that you handed in before is kept, and the last of it counts.`;
}
