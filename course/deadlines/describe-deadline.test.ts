import { describe, expect, it } from "vitest";
import { describeDeadline } from "./describe-deadline.ts";
import { type DeadlineRules, effectiveDeadline } from "./effective-deadline.ts";
import { resolveDue } from "./resolve-due.ts";
import { textInZone } from "./zone-text.ts";

function due(day: string): Date {
  const resolved = resolveDue(day, "AoE");
  if (resolved.outcome !== "ok") throw new Error(resolved.message);
  return resolved.instant;
}

const rules = (dueAt: Date | null, more: Partial<DeadlineRules> = {}): DeadlineRules => ({
  releasedAt: null,
  dueAt,
  availableUntil: null,
  graceSeconds: 0,
  latePolicy: { kind: "none" },
  ...more,
});

const view = (of: DeadlineRules, now: string, readerZone: string | null = null) =>
  describeDeadline(effectiveDeadline(of, null), {
    now: new Date(now),
    courseZone: "America/Los_Angeles",
    readerZone,
  });

describe("the end of a day Anywhere on Earth", () => {
  it("is 04:59:59 Pacific daylight time for due dates up to November 1, 2024", () => {
    const shown = view(rules(due("2024-11-01")), "2024-10-30T00:00:00Z").due;
    expect(shown?.instant.toISOString()).toBe("2024-11-02T12:00:00.000Z");
    expect(shown?.aoe).toMatchObject({ text: "Fri, Nov 1, 2024, 11:59:59 PM", abbreviation: "AoE" });
    expect(shown?.course).toMatchObject({
      text: "Sat, Nov 2, 2024, 4:59:59 AM",
      abbreviation: "PDT",
      zoneName: "Pacific Daylight Time",
    });
  });

  it("is 03:59:59 Pacific standard time for due dates from November 2, 2024, when clocks have fallen back", () => {
    for (const day of ["2024-11-02", "2024-11-03", "2024-11-22", "2024-12-31"]) {
      const shown = view(rules(due(day)), "2024-10-30T00:00:00Z").due;
      expect(shown?.instant.toISOString()).toMatch(/T12:00:00.000Z$/);
      expect(shown?.course.text).toMatch(/, 3:59:59 AM$/);
      expect(shown?.course.abbreviation).toBe("PST");
    }
  });

  it("is back at 04:59:59 from the due date March 8, 2025 on, standard time the day before", () => {
    const shown = (day: string) => view(rules(due(day)), "2025-01-01T00:00:00Z").due?.course;
    expect(shown("2025-03-07")).toMatchObject({ text: "Sat, Mar 8, 2025, 3:59:59 AM", abbreviation: "PST" });
    expect(shown("2025-03-08")).toMatchObject({ text: "Sun, Mar 9, 2025, 4:59:59 AM", abbreviation: "PDT" });
  });
});

describe("what a page shows", () => {
  it("has the reader's own zone with its name, and the course's when that is not known", () => {
    const known = view(rules(due("2024-11-14")), "2024-11-14T00:00:00Z", "Asia/Kolkata").due;
    expect(known?.reader).toEqual({
      zone: "Asia/Kolkata",
      text: "Fri, Nov 15, 2024, 5:29:59 PM",
      abbreviation: "GMT+5:30",
      zoneName: "India Standard Time",
    });
    const unknown = view(rules(due("2024-11-14")), "2024-11-14T00:00:00Z").due;
    expect(unknown?.reader).toEqual(unknown?.course);
    expect(textInZone(new Date(0), "No/Where")).toMatchObject({ zone: "UTC", abbreviation: "UTC" });
  });

  it("counts down to the next change of state", () => {
    const of = rules(due("2024-11-14"), {
      graceSeconds: 60,
      latePolicy: { kind: "deduct", percent: 10, per: "hour", maxPercent: 50 },
      availableUntil: new Date("2024-11-16T12:00:00Z"),
      releasedAt: new Date("2024-11-10T16:00:00Z"),
    });
    expect(view(of, "2024-11-10T15:59:00Z")).toMatchObject({ status: "not-released", msLeft: 60_000 });
    expect(view(of, "2024-11-15T11:59:59Z")).toMatchObject({
      status: "open",
      msLeft: 1000,
      penaltyPercentNow: 0,
    });
    expect(view(of, "2024-11-15T12:00:00Z")).toMatchObject({ status: "in-grace", msLeft: 60_000 });
    expect(view(of, "2024-11-15T14:00:00Z")).toMatchObject({
      status: "late-accepted",
      penaltyPercentNow: 30,
    });
    expect(view(of, "2024-11-16T12:00:00Z")).toMatchObject({ status: "closed", msLeft: null });
  });

  it("gives grace and late acceptance lines of their own, only where there are any", () => {
    const plain = view(rules(due("2024-11-14")), "2024-11-14T00:00:00Z");
    expect(plain).toMatchObject({ grace: null, lateUntil: null, latePolicy: "Late work is not accepted." });
    const full = view(
      rules(due("2024-11-14"), {
        graceSeconds: 900,
        availableUntil: due("2024-11-17"),
        latePolicy: { kind: "deduct", percent: 10, per: "day", maxPercent: 30 },
      }),
      "2024-11-14T00:00:00Z",
    );
    expect(full.grace?.seconds).toBe(900);
    expect(full.grace?.until.aoe.text).toBe("Fri, Nov 15, 2024, 12:14:59 AM");
    expect(full.lateUntil?.aoe.text).toBe("Sun, Nov 17, 2024, 11:59:59 PM");
    expect(full.latePolicy).toBe("Late work loses 10% of the points for each started day, at most 30%.");
  });

  it("shows a release at its very instant, not a second before", () => {
    const of = rules(null, { releasedAt: new Date("2024-11-12T16:00:00Z") });
    expect(view(of, "2024-11-01T00:00:00Z").releasedAt?.course.text).toBe("Tue, Nov 12, 2024, 8:00:00 AM");
    expect(view(of, "2024-11-01T00:00:00Z").due).toBeNull();
  });
});
