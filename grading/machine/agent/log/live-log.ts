import { cleanText } from "./clean-text.ts";

const linesPerSecond = 200;
const burstLines = 1000;
const charsPerSecond = 200_000;
const burstChars = 1_000_000;
/** Of the protocol. */
const maxLine = 8192;

/**
 * Passes lines on to the student's live log at a bounded rate, so that a flood can drown neither the stream nor
 * the page. What is left out is counted and said. nowMs: monotonic milliseconds.
 */
export function createLiveLog(emit: (line: string) => void, nowMs: () => number) {
  let lines = burstLines;
  let chars = burstChars;
  let refilledAt = nowMs();
  let leftOut = 0;

  function refill(): void {
    const now = nowMs();
    const seconds = (now - refilledAt) / 1000;
    refilledAt = now;
    lines = Math.min(burstLines, lines + seconds * linesPerSecond);
    chars = Math.min(burstChars, chars + seconds * charsPerSecond);
  }
  function sayLeftOut(): void {
    if (leftOut === 0) return;
    emit(
      `[${leftOut} ${leftOut === 1 ? "line" : "lines"} left out of the live log: the output came too fast]`,
    );
    leftOut = 0;
  }

  return {
    line(text: string): void {
      refill();
      // After a gap the log opens again only with some room, or notices would alternate with lines.
      const needed = leftOut > 0 ? linesPerSecond / 4 : 1;
      if (lines < needed || chars < text.length) {
        leftOut += 1;
        return;
      }
      sayLeftOut();
      lines -= 1;
      chars -= text.length;
      emit(cleanText(text, maxLine));
    },
    /** Says what is left out so far; to be called when its source has ended. */
    end: sayLeftOut,
  };
}
