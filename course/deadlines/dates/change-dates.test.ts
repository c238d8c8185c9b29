import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AssignmentDates, DatesStanding, DatesWrite, Decided } from "../ports.ts";
import { changeDates, seenDates } from "./change-dates.ts";
import { disorderOf } from "./dates-in-order.ts";
import { readTypedDates, type TypedDates, typeDates } from "./typed-dates.ts";

const at = (text: string) => new Date(text);
const standing: DatesStanding = {
  dates: {
    releasedAt: at("2024-11-07T12:00:00Z"),
    dueAt: at("2024-11-24T12:00:00Z"),
    availableUntil: at("2024-11-28T12:00:00Z"),
  },
  file: {
    releasedAt: at("2024-11-07T12:00:00Z"),
    dueAt: at("2024-11-25T12:00:00Z"),
    availableUntil: at("2024-11-28T12:00:00Z"),
  },
};

async function change(
  to: Parameters<typeof changeDates>[1]["to"],
  more: { reason?: string; seen?: string } = {},
) {
  const written: unknown[] = [];
  const never = () => Promise.reject(new Error("Only dates are asked for here."));
  const store = {
    changeExtension: never,
    changeGrace: never,
    changeDates: async <Outcome>(
      _of: object,
      decide: (now: DatesStanding) => Decided<DatesWrite, Outcome>,
    ) => {
      const { outcome, change: made } = decide(standing);
      if (made !== null) written.push(made);
      return outcome;
    },
  };
  const wanted = { assignmentId: "asg_1", reason: "Ill.", seen: seenDates(standing.dates), by: "usr_i" };
  return { outcome: await changeDates({ store }, { ...wanted, to, ...more }), written };
}
const typed = (part: Partial<TypedDates>, zone = "AoE") => ({
  typed: { ...typeDates(standing.dates, zone), ...part },
  zone,
});
const problems = async (...args: Parameters<typeof change>) => {
  const { outcome } = await change(...args);
  return outcome.outcome === "refused" ? outcome.problems.map(({ field }) => field) : outcome.outcome;
};

const zone = fc.constantFrom("AoE", "UTC", "America/Los_Angeles", "Asia/Kathmandu", "Africa/Cairo");
const instant = fc.date({
  min: at("2020-01-01T00:00:00Z"),
  max: at("2035-01-01T00:00:00Z"),
  noInvalidDate: true,
});
const maybe = fc.option(instant);
const anyDates: fc.Arbitrary<AssignmentDates> = fc.record({
  releasedAt: maybe,
  dueAt: maybe,
  availableUntil: maybe,
});

describe("dates in a form", () => {
  it("sent back as they are shown change nothing, in any zone", () => {
    fc.assert(
      fc.property(anyDates, zone, (dates, name) => {
        expect(readTypedDates(typeDates(dates, name), name, dates)).toEqual({ dates });
      }),
    );
  });

  it("mean to the second what they show", () => {
    const whole = anyDates.map((dates) =>
      Object.fromEntries(
        Object.entries(dates).map(([field, one]) => [
          field,
          one && new Date(Math.floor(one.getTime() / 86_400_000) * 86_400_000 + 15 * 3_600_000 + 61_000),
        ]),
      ),
    ) as fc.Arbitrary<AssignmentDates>;
    const none = { releasedAt: null, dueAt: null, availableUntil: null };
    fc.assert(
      fc.property(whole, fc.constantFrom("AoE", "UTC", "Asia/Kathmandu"), (dates, name) => {
        expect(readTypedDates(typeDates(dates, name), name, none)).toEqual({ dates });
      }),
    );
  });

  it("show a day that ends by that day alone, and a release that begins one too", () => {
    expect(typeDates(standing.dates, "AoE")).toEqual({
      releasedAt: { date: "2024-11-07", time: "" },
      dueAt: { date: "2024-11-23", time: "" },
      availableUntil: { date: "2024-11-27", time: "" },
    });
    expect(typeDates(standing.dates, "UTC").dueAt).toEqual({ date: "2024-11-24", time: "12:00" });
  });
});

describe("staff move the dates of an assignment", () => {
  it("with who, before, after and why, and only of what moved", async () => {
    expect(await change(typed({ dueAt: { date: "2024-11-26", time: "19:50" } }))).toMatchObject({
      outcome: { outcome: "changed", dates: { dueAt: at("2024-11-27T07:50:00Z") } },
      written: [
        {
          audit: {
            ...{ by: "usr_i", action: "dates.changed-by-staff", reason: "Ill." },
            before: { dueAt: "2024-11-24T12:00:00.000Z" },
            after: { dueAt: "2024-11-27T07:50:00.000Z" },
          },
        },
      ],
    });
  });

  it("back to what the file says, one by one", async () => {
    expect(await change({ fileOf: "dueAt" })).toMatchObject({
      outcome: { outcome: "changed", dates: standing.file },
      written: [{ audit: { action: "dates.back-to-file" } }],
    });
    expect(await problems({ fileOf: "releasedAt" })).toBe("unchanged");
  });

  it("and are refused what cannot be, each beside its field", async () => {
    expect(await problems(typed({ releasedAt: { date: "2024-11-23", time: "" } }))).toBe("changed");
    expect(await problems(typed({ releasedAt: { date: "2024-11-24", time: "" } }))).toEqual([
      "releasedAtDate",
    ]);
    expect(await problems(typed({ availableUntil: { date: "2024-11-22", time: "" } }))).toEqual([
      "availableUntilDate",
    ]);
    expect(await problems(typed({ dueAt: { date: "", time: "" } }))).toEqual(["availableUntilDate"]);
    expect(await problems(typed({ dueAt: { date: "2024-11-31", time: "" } }))).toEqual(["dueAtDate"]);
    expect(await problems(typed({ dueAt: { date: "", time: "10:00" } }))).toEqual(["dueAtDate"]);
    expect(await problems(typed({ dueAt: { date: "2024-11-25", time: "25:00" } }))).toEqual(["dueAtTime"]);
    const skipped = { dueAt: { date: "2025-03-09", time: "02:30" }, availableUntil: { date: "", time: "" } };
    expect(await problems(typed(skipped, "America/Los_Angeles"))).toEqual(["dueAtTime"]);
    expect(await problems({ ...typed({}), zone: "Mars" })).toEqual(["zone"]);
    expect(await problems(typed({ dueAt: { date: "2024-11-25", time: "" } }), { reason: " " })).toEqual([
      "reason",
    ]);
  });

  it("and are told what somebody else moved meanwhile", async () => {
    const to = typed({ dueAt: { date: "2024-11-26", time: "" } });
    expect(await problems(to, { seen: "another" })).toEqual(["seen"]);
  });

  it("never into an order that the database refuses", async () => {
    const day = fc.option(fc.integer({ min: 10, max: 28 }), { nil: null });
    const typedDay = day.map((one) => ({ date: one === null ? "" : `2024-11-${one}`, time: "" }));
    await fc.assert(
      fc.asyncProperty(typedDay, typedDay, typedDay, async (releasedAt, dueAt, availableUntil) => {
        const { outcome } = await change(typed({ releasedAt, dueAt, availableUntil }));
        if (outcome.outcome !== "refused") expect(disorderOf(outcome.dates)).toBeNull();
      }),
    );
  });
});
