import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, daysBetween, isCalendarDay, weekdayOf } from "./calendar-days.ts";

describe("days of the calendar", () => {
  it("knows which exist", () => {
    expect(["2024-02-29", "2024-11-31", "2023-02-29", "2024-13-01"].map(isCalendarDay)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it("counts over the ends of months and years, and weekdays go round in seven", () => {
    expect(addDays("2024-12-31", 1)).toBe("2025-01-01");
    expect(addDays("2024-03-01", -1)).toBe("2024-02-29");
    expect(weekdayOf("2024-11-21")).toBe("thursday");
    const day = fc.date({ min: new Date("1990-01-01"), max: new Date("2100-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(day, fc.integer({ min: -3000, max: 3000 }), (date, days) => {
        const from = date.toISOString().slice(0, 10);
        expect(daysBetween(from, addDays(from, days))).toBe(days);
        expect(weekdayOf(addDays(from, days * 7))).toBe(weekdayOf(from));
      }),
    );
  });
});
