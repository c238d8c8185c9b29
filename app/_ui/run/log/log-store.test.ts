import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { appendLines, chunkLines, findLines, hasLinesOf, type Log, lineCount } from "./log-store.ts";

const line = (text: string, check: string | null = null) => ({ check, line: text });

describe("the log of a run", () => {
  it("numbers lines from 1 without gaps, however they arrive", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 700 }), { maxLength: 6 }), (batches) => {
        let log: Log = [];
        for (const size of batches) log = appendLines(log, Array(size).fill(line("x")));
        const total = batches.reduce((sum, size) => sum + size, 0);
        expect(lineCount(log)).toBe(total);
        expect(log.flat().map((l) => l.number)).toEqual(Array.from({ length: total }, (_, i) => i + 1));
        expect(log.every((chunk) => chunk.length <= chunkLines)).toBe(true);
      }),
    );
  });

  it("keeps full chunks as they are, so that the page draws them once", () => {
    const before = appendLines([], Array(chunkLines + 10).fill(line("x")));
    const after = appendLines(before, [line("y")]);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
  });

  it("knows of which checks it has lines", () => {
    const log = appendLines([], [line("of the machine"), line("of one", "one")]);
    expect([null, "one", "two"].map((check) => hasLinesOf(log, check))).toEqual([true, true, false]);
    expect(hasLinesOf([], null)).toBe(false);
  });

  it("finds lines whatever their case and colour, and within one check when asked", () => {
    const log = appendLines(
      [],
      [line("\u001b[31mError\u001b[0m one"), line("fine"), line("an error", "build")],
    );
    expect(findLines(log, "error", null)).toEqual([1, 3]);
    expect(findLines(log, "ERROR", "build")).toEqual([3]);
    expect(findLines(log, "", null)).toEqual([]);
  });
});
