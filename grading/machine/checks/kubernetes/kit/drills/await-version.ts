import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { Part } from "../../../kit/credit/share-credit.ts";
import type { TextMatch } from "../../../kit/settings/settings.ts";
import { matchInWords, textMatches } from "../../../kit/words/match-text.ts";
import { quoteOutput } from "../../../kit/words/quote-output.ts";

/** Pods of the version before may answer for a moment after the cluster says that it is over. */
const seconds = 15;
/** So many answers in a row, of different pods by chance, are enough to believe. */
const enoughInARow = 20;
const lookEveryMs = 50;

/** Counts how many of the last answers in a row were of the version that is waited for. */
export function createVersionCount(wanted: TextMatch | undefined) {
  let inARow = 0;
  let last: string | null = null;
  return {
    onAnswer(body: string) {
      last = body;
      inARow = wanted && textMatches(wanted, body) ? inARow + 1 : 0;
    },
    /** Waits until the load's answers are all of that version. */
    async judge(which: string, signal: AbortSignal): Promise<Part | null> {
      if (!wanted) return null;
      const expected = `The ${which} answers with ${matchInWords(wanted)}`;
      const end = performance.now() + seconds * 1000;
      while (inARow < enoughInARow && performance.now() < end) await wait(lookEveryMs, undefined, { signal });
      if (inARow >= enoughInARow) return { expected, problem: null };
      return {
        expected,
        problem: {
          happened:
            last === null
              ? "No request was answered."
              : `The last answer, ${seconds} s after all pods were replaced, was ${quoteOutput(last)}.`,
          fix: `Let the pods of the ${which} answer so: look at image, environment and configuration in their template.`,
        },
      };
    },
  };
}
