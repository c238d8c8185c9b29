import fc from "fast-check";
import { expect, test } from "vitest";
import { nextUploadAt, paceHistory, tooFastSentence } from "./upload-pace.ts";

const start = Date.parse("2024-11-15T11:00:00Z");
const at = (seconds: number) => new Date(start + seconds * 1000);

test("ten in a row are taken, then one every two minutes", () => {
  const taken: number[] = [];
  for (let second = 0; second <= 600; second++) {
    if (nextUploadAt(taken.map(at), at(second)) === null) taken.push(second);
  }
  expect(taken).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 120, 240, 360, 480, 600]);
});

test("nobody is kept out for more than two minutes, so that a deadline is missed by no more", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 7200 }), { maxLength: 200 }), (asked) => {
      const taken: number[] = [];
      for (const second of asked.sort((a, b) => a - b)) {
        const opens = nextUploadAt(taken.slice(-paceHistory).map(at), at(second));
        if (opens === null) taken.push(second);
        else expect(opens.getTime() - at(second).getTime()).toBeLessThanOrEqual(120_000);
      }
      // However they come: of a flood little more than the permits of the time is taken.
      expect(taken.length).toBeLessThanOrEqual(10 + 7200 / 120 + 10);
    }),
  );
});

test("who hands in again every three minutes never meets the limit", () => {
  const taken = Array.from({ length: paceHistory }, (_, i) => at(i * 180));
  expect(nextUploadAt(taken, at(paceHistory * 180))).toBeNull();
});

test("the sentence names the rule, when it is over, and that nothing is lost", () => {
  expect(tooFastSentence(at(100), at(0))).toBe(
    "Submissions to one exercise are taken up to 10 in a row, then one every 2 minutes; the next one is taken at 11:01:40 AM UTC, in 100 seconds. All that you handed in before is kept, and the last of it counts.",
  );
});

test("what was received while the clock was ahead keeps nobody out once it is right", () => {
  const ahead = Array.from({ length: 10 }, (_, i) => at(3_600 + i));
  expect(nextUploadAt(ahead, at(0))).toBeNull();
  // And the pace holds for what comes then.
  const taken = [...ahead];
  for (let second = 0; second < 600; second++) {
    const opens = nextUploadAt(taken.slice(-paceHistory), at(second));
    if (opens === null) taken.push(at(second));
    else expect(opens.getTime() - at(second).getTime()).toBeLessThanOrEqual(120_000);
  }
  expect(taken.length - ahead.length).toBe(14);
});

test("an upload that came before others, and is written down after them, sees them", () => {
  const others = Array.from({ length: 10 }, () => at(60));
  expect(nextUploadAt(others, at(0), at(61))).not.toBeNull();
});
