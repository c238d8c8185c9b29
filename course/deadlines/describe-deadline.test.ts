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
  const shown = (day: string, now: string) => {
    const { due: said } = view(rules(due(day)), now);
    return { said: said?.said, course: said?.others[0]?.said, instant: said?.instant.toISOString() };
  };

  it("is said by its day, and is 5:00 AM Pacific daylight time for due dates up to November 1, 2024", () => {
    expect(shown("2024-11-01", "2024-10-30T00:00:00Z")).toEqual({
      said: "Fri, Nov 1, end of day (AoE)",
      course: "Sat, Nov 2, 5:00 AM PDT",
      instant: "2024-11-02T12:00:00.000Z",
    });
  });

  it("is 4:00 AM Pacific standard time for due dates from November 2, 2024, when clocks have fallen back", () => {
    for (const day of ["2024-11-02", "2024-11-03", "2024-11-22", "2024-12-31"]) {
      const { instant, course } = shown(day, "2024-10-30T00:00:00Z");
      expect(instant).toMatch(/T12:00:00.000Z$/);
      expect(course).toMatch(/, 4:00 AM PST$/);
    }
  });

  it("is back at 5:00 AM from the due date March 8, 2025 on, standard time the day before", () => {
    expect(shown("2025-03-07", "2025-01-01T00:00:00Z").course).toBe("Sat, Mar 8, 4:00 AM PST");
    expect(shown("2025-03-08", "2025-01-01T00:00:00Z").course).toBe("Sun, Mar 9, 5:00 AM PDT");
  });
});

describe("what a page shows", () => {
  it("leads with the syllabus's day, then has the reader's clock and the course's, each clock once", () => {
    const known = view(rules(due("2024-11-14")), "2024-11-14T00:00:00Z", "Asia/Kolkata").due;
    expect(known).toMatchObject({
      said: "Thu, Nov 14, end of day (AoE)",
      day: "Thu, Nov 14",
      others: [
        { whose: "reader", said: "Fri, Nov 15, 5:30 PM GMT+5:30", zoneName: "India Standard Time" },
        { whose: "course", said: "Fri, Nov 15, 4:00 AM PST", zoneName: "Pacific Standard Time" },
      ],
    });
    const unknown = view(rules(due("2024-11-14")), "2024-11-14T00:00:00Z").due;
    expect(unknown?.others).toMatchObject([{ whose: "reader", said: "Fri, Nov 15, 4:00 AM PST" }]);
    expect(textInZone(new Date(0), "No/Where")).toMatchObject({ zone: "UTC", abbreviation: "UTC" });
  });

  it("names what ends no day by the course's clock, once where the reader's shows the same", () => {
    const of = rules(new Date("2024-11-08T03:10:00Z"));
    expect(view(of, "2024-11-01T00:00:00Z", "America/Vancouver").due).toMatchObject({
      said: "Thu, Nov 7, 7:10 PM PST",
      day: "Thu, Nov 7",
      others: [],
    });
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
    expect(full.grace?.until.said).toBe("Fri, Nov 15, 4:15 AM PST");
    expect(full.lateUntil?.said).toBe("Sun, Nov 17, end of day (AoE)");
    expect(full.latePolicy).toBe("Late work loses 10% of the points for each started day, at most 30%.");
  });

  it("shows a release at its very instant", () => {
    const of = rules(null, { releasedAt: new Date("2024-11-12T16:00:00Z") });
    expect(view(of, "2024-11-01T00:00:00Z").releasedAt?.said).toBe("Tue, Nov 12, 8:00 AM PST");
    expect(view(of, "2024-11-01T00:00:00Z").due).toBeNull();
  });
});
