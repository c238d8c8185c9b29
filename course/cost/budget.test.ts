import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Caps,
  hasCaps,
  noCaps,
  nothingSpent,
  passedCap,
  type Spending,
  utcDay,
  utcWeek,
} from "./budget.ts";

const caps: Caps = { dayMicros: 100, courseMicros: 1_000, studentDayMicros: 10 };
const spent: Spending = { dayMicros: 90, courses: new Map([["c", 995]]), students: new Map([["s", 5]]) };
const payer = { course: "other", student: "other" };

describe("a limit of money", () => {
  it("may be reached and not passed", () => {
    expect(passedCap(spent, { ...caps, studentDayMicros: null }, payer, 10)).toBeNull();
    expect(passedCap(spent, { ...caps, studentDayMicros: null }, payer, 11)).toBe("day");
    expect(passedCap(spent, caps, { ...payer, student: "s" }, 5)).toBeNull();
    expect(passedCap(spent, caps, { ...payer, student: "s" }, 6)).toBe("student");
    expect(passedCap(spent, caps, { ...payer, course: "c" }, 6)).toBe("course");
  });

  it("of which there are several is named by the one that lasts longest", () => {
    expect(passedCap(spent, caps, { course: "c", student: "s" }, 50)).toBe("course");
    expect(passedCap(spent, caps, { ...payer, student: "s" }, 50)).toBe("day");
  });

  it("of course and student is none for a machine that no run pays for", () => {
    expect(passedCap(spent, caps, null, 10)).toBeNull();
    expect(passedCap(spent, caps, null, 11)).toBe("day");
  });

  it("that is not set lets everything pass", () => {
    expect(hasCaps(noCaps)).toBe(false);
    expect(hasCaps({ ...noCaps, dayMicros: 0 })).toBe(true);
    fc.assert(fc.property(fc.nat(), (micros) => passedCap(spent, noCaps, payer, micros) === null));
  });

  it("is never passed by launches that each asked before", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 100 }), fc.nat(300), (wishes, dayMicros) => {
        let dayNow = 0;
        for (const micros of wishes) {
          const before = { ...nothingSpent, dayMicros: dayNow };
          if (passedCap(before, { ...noCaps, dayMicros }, null, micros) === null) dayNow += micros;
        }
        expect(dayNow).toBeLessThanOrEqual(dayMicros);
      }),
    );
  });
});

it("a day begins at midnight UTC, a week on its Monday", () => {
  const sunday = new Date("2026-11-29T23:59:59.999Z");
  expect(utcDay(sunday).toISOString()).toBe("2026-11-29T00:00:00.000Z");
  expect(utcWeek(sunday).toISOString()).toBe("2026-11-23T00:00:00.000Z");
  expect(utcWeek(new Date("2026-11-30T00:00:00Z")).toISOString()).toBe("2026-11-30T00:00:00.000Z");
});
