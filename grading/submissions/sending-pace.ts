/** How slowly an upload may come before its end is no longer awaited. */
export interface SendingPace {
  /** Without any byte. */
  pauseMs: number;
  /** From the request to its last byte. */
  wholeMs: number;
}

/** 20 MB in half an hour are 12 KB a second. */
export const sendingPace: SendingPace = { pauseMs: 60_000, wholeMs: 30 * 60_000 };

/** Breaks off the stream of a body whose sender is not within the pace. */
export class SentTooSlowly extends Error {
  override readonly name = "SentTooSlowly";
}

/** Said where work is handed in. */
export const sendingPaceRule = `within ${sendingPace.wholeMs / 60_000} minutes, with no pause of ${sendingPace.pauseMs / 1000} seconds, two at once`;
