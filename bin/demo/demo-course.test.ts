import fc from "fast-check";
import { expect, it } from "vitest";
import { daysBetween, weekdayOf } from "#course/catalogue/calendar-days.ts";
import { startBefore } from "./demo-course.ts";

it("puts any day into the ninth week, and classes on their days of the week", () => {
  const day = fc.date({ min: new Date("2025-01-01"), max: new Date("2040-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(day, (now) => {
      const start = startBefore("2024-09-26", now);
      expect(weekdayOf(start)).toBe("thursday");
      const since = daysBetween(start, new Date(now.getTime() - 12 * 3_600_000).toISOString().slice(0, 10));
      expect(since).toBeGreaterThanOrEqual(56);
      expect(since).toBeLessThan(63);
    }),
  );
});
