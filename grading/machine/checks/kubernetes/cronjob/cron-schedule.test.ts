import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSameSchedule, parseCron } from "./cron-schedule.ts";

describe("two schedules", () => {
  it.each([
    ["*/5 * * * *", "0,5,10,15,20,25,30,35,40,45,50,55 * * * *"],
    ["*/5 * * * *", " 0-59/5  *  *  *  * "],
    ["0/5 * * * *", "*/5 * * * *"],
    ["@hourly", "0 * * * *"],
    ["@Daily", "0 0 * * *"],
    ["0 9 * * 1-5", "0 9 * * MON-FRI"],
    ["0 9 * * 7", "0 9 * * sun"],
    ["0 0 1 1 *", "0 0 1 JAN ?"],
  ])("%s and %s mean the same", (one, other) => {
    expect(isSameSchedule(one, other)).toBe(true);
  });

  it.each([
    ["*/5 * * * *", "5 * * * *"],
    ["0 9 * * 1-5", "0 9 * * *"],
    ["@daily", "@hourly"],
  ])("%s and %s do not", (one, other) => {
    expect(isSameSchedule(one, other)).toBe(false);
  });

  it("are the same when they list the same numbers in any order", () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1 });
    fc.assert(
      fc.property(numbers, (minutes) =>
        isSameSchedule(`${minutes.join(",")} * * * *`, `${[...minutes].reverse().join(",")} * * * *`),
      ),
    );
  });
});

describe("what is no schedule", () => {
  it.each([
    "",
    "every day",
    "* * * *",
    "* * * * * *",
    "60 * * * *",
    "* 24 * * *",
    "* * 0 * *",
    "*/0 * * * *",
    "5-1 * * * *",
    "a * * * *",
    "*-5 * * * *",
    "@never",
  ])("“%s”", (text) => {
    expect(parseCron(text)).toBeNull();
  });
});
