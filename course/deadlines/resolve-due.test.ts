import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { resolveDue, resolveRelease } from "./resolve-due.ts";

const instantOf = (text: string, zone: string, resolve = resolveDue) => {
  const resolved = resolve(text, zone);
  return resolved.outcome === "ok" ? resolved.instant.toISOString() : resolved.message;
};

describe("a due date", () => {
  it("that is a day alone ends with that day, Anywhere on Earth at 12:00 UTC of the next", () => {
    expect(instantOf("2024-11-14", "AoE")).toBe("2024-11-15T12:00:00.000Z");
    expect(instantOf("2024-12-31", "AoE")).toBe("2025-01-01T12:00:00.000Z");
    expect(instantOf("2024-11-14", "America/Los_Angeles")).toBe("2024-11-15T08:00:00.000Z");
  });

  it("with a time means that instant", () => {
    expect(instantOf("2024-11-14T23:59", "AoE")).toBe("2024-11-15T11:59:00.000Z");
    expect(instantOf("2024-11-14 23:59:30", "AoE")).toBe("2024-11-15T11:59:30.000Z");
    expect(instantOf("2024-07-04T12:00", "Europe/Berlin")).toBe("2024-07-04T10:00:00.000Z");
  });

  it("lasts 25 hours on the day clocks fall back, 23 on the day they are put forward", () => {
    const length = (day: string) => {
      const end = Date.parse(instantOf(day, "America/Los_Angeles"));
      const start = Date.parse(instantOf(day, "America/Los_Angeles", resolveRelease));
      return (end - start) / 3_600_000;
    };
    expect(length("2024-11-03")).toBe(25);
    expect(length("2024-03-10")).toBe(23);
    expect(length("2024-11-04")).toBe(24);
  });

  it("that a clock change skips is refused, naming date and zone", () => {
    expect(instantOf("2024-03-10T02:30", "America/Los_Angeles")).toBe(
      "2024-03-10T02:30 does not exist in America/Los_Angeles, where clocks are put forward over it: choose an earlier or later time.",
    );
    expect(instantOf("2024-03-10T02:30", "AoE")).toBe("2024-03-10T14:30:00.000Z");
  });

  it("that happens twice means the later", () => {
    expect(instantOf("2024-11-03T01:30", "America/Los_Angeles")).toBe("2024-11-03T09:30:00.000Z");
  });

  it.each([
    ["2024-02-30", "does not exist"],
    ["2024-11-14T24:00", "does not exist"],
    ["2024-13-01", "does not exist"],
    ["tomorrow", "is not a date"],
    ["2024-11-14T23:59Z", "is not a date"],
    ["", "is not a date"],
  ])("%s is refused: it %s", (text, why) => {
    expect(resolveDue(text, "AoE")).toMatchObject({
      outcome: "invalid",
      message: expect.stringContaining(why),
    });
  });

  it("in a zone that nobody knows is refused", () => {
    expect(resolveDue("2024-11-14", "PST8")).toMatchObject({
      outcome: "invalid",
      message: "PST8 is not a time zone: write AoE or a name such as America/Los_Angeles.",
    });
  });

  it("is what Temporal says for every day and minute, with the later of two and no skipped ones", () => {
    const day = fc.date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true });
    const zone = fc.constantFrom(
      "America/Los_Angeles",
      "Europe/Berlin",
      "Africa/Cairo",
      "Australia/Lord_Howe",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          day,
          fc.constantFrom("2024-03-10", "2024-11-03").map((d) => new Date(d)),
        ),
        zone,
        fc.integer({ min: 0, max: 1439 }),
        (at, name, minutes) => {
          const date = at.toISOString().slice(0, 10);
          const time = `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
          const plain = Temporal.PlainDateTime.from(`${date}T${time}`);
          const later = plain.toZonedDateTime(name, { disambiguation: "later" });
          const exists = later.toPlainDateTime().equals(plain);
          const resolved = resolveDue(`${date}T${time}`, name);
          expect(resolved.outcome).toBe(exists ? "ok" : "invalid");
          if (resolved.outcome === "ok") expect(resolved.instant.getTime()).toBe(later.epochMilliseconds);
          const nextDay = Temporal.PlainDate.from(date).add({ days: 1 }).toZonedDateTime(name);
          expect(instantOf(date, name)).toBe(new Date(nextDay.epochMilliseconds).toISOString());
        },
      ),
      { numRuns: 2000 },
    );
  });
});
