import fc from "fast-check";
import { expect, it } from "vitest";
import { addDays, daysBetween, weekdayOf } from "./calendar-days.ts";
import { byWeek, mondayOf } from "./weeks.ts";

it("puts every day into the week that begins on the Monday before it, in order, and loses none", () => {
  const day = fc.integer({ min: 0, max: 400 }).map((days) => addDays("2024-09-25", days));
  fc.assert(
    fc.property(fc.array(day), (days) => {
      const weeks = byWeek(days, (one) => one);
      expect(weeks.flatMap(({ things }) => things)).toEqual([...days].sort());
      for (const { monday, things } of weeks) {
        expect(weekdayOf(monday)).toBe("monday");
        for (const one of things) expect(daysBetween(monday, one)).toBeLessThan(7);
      }
      expect(weeks.map(({ monday }) => monday)).toEqual([...new Set(days.map(mondayOf))].sort());
    }),
  );
});
