import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolveDue } from "./resolve-due.ts";
import { sayDay, sayEnd, sayInstant, zoneOfEnd } from "./say-instant.ts";
import { textInZone } from "./zone-text.ts";

const pacific = "America/Los_Angeles";
const friday = new Date("2024-10-05T12:00:00Z");
const now = new Date("2024-10-01T00:00:00Z");

describe("an end", () => {
  it("of a day is said by that day, in the zone where it ends one", () => {
    expect(sayEnd(friday, "AoE", { now })).toBe("Fri, Oct 4, end of day (AoE)");
    expect(sayEnd(friday, pacific, { now })).toBe("Sat, Oct 5, 5:00 AM PDT");
    expect(sayEnd(new Date("2024-11-04T08:00:00Z"), pacific, { now })).toBe("Sun, Nov 3, end of day (PST)");
    expect(zoneOfEnd(friday, pacific)).toBe("AoE");
    expect(zoneOfEnd(new Date("2024-10-05T07:00:00Z"), pacific)).toBe(pacific);
  });

  it("of a day whose midnight clocks jump over is still that day's", () => {
    const due = resolveDue("2024-04-25", "Africa/Cairo");
    expect(sayEnd(due.outcome === "ok" ? due.instant : now, "Africa/Cairo")).toBe(
      "Thu, Apr 25, 2024, end of day (GMT+2)",
    );
  });

  it("a minute or a second before midnight is no end of a day: it is named as it is", () => {
    expect(sayEnd(new Date("2024-10-05T11:59:00Z"), "AoE", { now })).toBe("Fri, Oct 4, 11:59 PM AoE");
    expect(sayEnd(new Date("2024-10-05T11:59:59Z"), "AoE", { now })).toBe("Fri, Oct 4, 11:59:59 PM AoE");
  });

  it("of a day as an author writes it is said by that very day, in every zone", () => {
    const zones = fc.constantFrom(
      "AoE",
      pacific,
      "Asia/Kolkata",
      "Pacific/Auckland",
      "America/Havana",
      "UTC",
    );
    const days = fc.date({ min: new Date("2020-01-01"), max: new Date("2035-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(zones, days, (zone, day) => {
        const written = day.toISOString().slice(0, 10);
        const due = resolveDue(written, zone);
        if (due.outcome !== "ok") throw new Error(due.message);
        const date = sayDay(new Date(`${written}T12:00:00Z`), "UTC");
        expect(sayEnd(due.instant, zone)).toMatch(`${date}, end of day (`);
      }),
    );
  });
});

describe("an instant", () => {
  it("has its year unless it is near, and seconds only when asked for", () => {
    expect(sayInstant(friday, pacific, { now })).toBe("Sat, Oct 5, 5:00 AM PDT");
    expect(sayInstant(friday, pacific, { now: new Date("2026-11-29T00:00:00Z") })).toBe(
      "Sat, Oct 5, 2024, 5:00 AM PDT",
    );
    expect(sayInstant(friday, pacific, { seconds: true })).toBe("Sat, Oct 5, 2024, 5:00:00 AM PDT");
    expect(sayInstant(friday, "No/Where")).toBe("Sat, Oct 5, 2024, 12:00 PM UTC");
  });

  it("is said a thousand times without a formatter being made for each", () => {
    let made = 0;
    const Real = Intl.DateTimeFormat;
    class Counted extends Real {
      constructor(...given: ConstructorParameters<typeof Real>) {
        super(...given);
        made += 1;
      }
    }
    Intl.DateTimeFormat = Counted as typeof Real;
    try {
      for (let hour = 0; hour < 1000; hour++) {
        const at = new Date(now.getTime() + hour * 3_600_000);
        for (const zone of ["AoE", "Asia/Tokyo", "Europe/Lisbon"]) {
          sayEnd(at, zone, { now });
          textInZone(at, zone);
        }
      }
    } finally {
      Intl.DateTimeFormat = Real;
    }
    // Three zones, at most seven shapes.
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThanOrEqual(21);
  });
});
