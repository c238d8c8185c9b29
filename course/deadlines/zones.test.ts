import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { formatterOf } from "./formatters.ts";
import {
  asIfUtc,
  dayAfter,
  instantsOf,
  isZone,
  type LocalTime,
  localTimeAt,
  offsetAt,
  startOfDay,
} from "./zones.ts";

/** Zones with unlike rules: both hemispheres, half hours, changes at midnight, days that were left out. */
const zones = [
  "America/Los_Angeles",
  "Europe/Berlin",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Africa/Cairo",
  "America/Havana",
  "Asia/Beirut",
  "Africa/Casablanca",
  "Pacific/Apia",
  "America/St_Johns",
  "UTC",
];
const temporalZone = (zone: string) => (zone === "AoE" ? "-12:00" : zone);

const anyZone = fc.constantFrom(...zones, "AoE");
/** 2005 to 2035, in whole seconds; half of them within a day of a clock change of 2024. */
const changes = [
  "2024-03-10T10:00:00Z",
  "2024-11-03T09:00:00Z",
  "2024-03-31T01:00:00Z",
  "2024-10-27T01:00:00Z",
];
const anyInstant = fc.oneof(
  fc.integer({ min: 1_104_537_600, max: 2_051_222_400 }).map((s) => s * 1000),
  fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: -86_400, max: 86_400 }))
    .map(([at, shift]) => Date.parse(at) + shift * 1000),
);
const fields = ({ year, month, day, hour, minute, second }: LocalTime) => ({
  ...{ year, month, day, hour, minute, second },
});

describe("time zones", () => {
  it("show the local time that Temporal shows", () => {
    fc.assert(
      fc.property(anyInstant, anyZone, (ms, zone) => {
        const oracle = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(temporalZone(zone));
        const local = localTimeAt(new Date(ms), zone);
        expect(local).toEqual(fields(oracle));
        expect(offsetAt(new Date(ms), zone)).toBe(oracle.offsetNanoseconds / 1e6);
      }),
      { numRuns: 2000 },
    );
  });

  it("find exactly the instants that Temporal finds for a local time", () => {
    fc.assert(
      fc.property(anyInstant, anyZone, fc.integer({ min: -50, max: 50 }), (ms, zone, quarters) => {
        // Taken as UTC fields, so that skipped and repeated local times are met as well.
        const local = localTimeAt(new Date(ms + quarters * 900_000), "UTC");
        const plain = Temporal.PlainDateTime.from(local);
        const oracle = new Set(
          (["earlier", "later"] as const)
            .map((disambiguation) => plain.toZonedDateTime(temporalZone(zone), { disambiguation }))
            .filter((found) => found.toPlainDateTime().equals(plain))
            .map((found) => found.epochMilliseconds),
        );
        expect(instantsOf(local, zone).map(Number)).toEqual([...oracle]);
      }),
      { numRuns: 4000 },
    );
  });

  it("begin a day where Temporal begins it, also when midnight is skipped or repeated", () => {
    fc.assert(
      fc.property(anyInstant, anyZone, (ms, zone) => {
        const local = localTimeAt(new Date(ms), zone);
        const oracle = Temporal.PlainDate.from(local).toZonedDateTime(temporalZone(zone));
        expect(startOfDay(local, zone).getTime()).toBe(oracle.epochMilliseconds);
      }),
      { numRuns: 2000 },
    );
  });

  it("skip midnight in Cairo and Beirut, repeat it in Havana", () => {
    expect(startOfDay({ year: 2024, month: 4, day: 26 }, "Africa/Cairo").toISOString()).toBe(
      "2024-04-25T22:00:00.000Z",
    );
    expect(startOfDay({ year: 2024, month: 3, day: 31 }, "Asia/Beirut").toISOString()).toBe(
      "2024-03-30T22:00:00.000Z",
    );
    const havana = { year: 2024, month: 11, day: 3, hour: 0, minute: 0, second: 0 };
    expect(instantsOf(havana, "America/Havana").map((at) => at.toISOString())).toEqual([
      "2024-11-03T04:00:00.000Z",
      "2024-11-03T05:00:00.000Z",
    ]);
    expect(startOfDay(havana, "America/Havana").toISOString()).toBe("2024-11-03T04:00:00.000Z");
  });

  it("know a day that has no such date and refuse it", () => {
    const thirtieth = { year: 2023, month: 2, day: 29, hour: 0, minute: 0, second: 0 };
    expect(() => asIfUtc(thirtieth)).toThrow(RangeError);
    expect(fields(dayAfter({ year: 2024, month: 2, day: 28 }))).toMatchObject({ month: 2, day: 29 });
  });

  it("are AoE or names of places, never bare offsets", () => {
    expect(isZone("AoE")).toBe(true);
    expect(isZone("America/Los_Angeles")).toBe(true);
    for (const wrong of ["", "Mars/Olympus", "+02:00", "-12:00", "America"])
      expect(isZone(wrong)).toBe(false);
  });
});

it("a zone has one formatter of a shape, however its name is spelled", () => {
  const one = formatterOf("America/Los_Angeles", "fields");
  for (const spelled of ["america/los_angeles", "AMERICA/LOS_ANGELES", "aMeRiCa/LoS_aNgElEs"])
    expect(formatterOf(spelled, "fields"), spelled).toBe(one);
  expect(formatterOf("America/Los_Angeles", "day")).not.toBe(one);
});

it("a letter that only looks like another one in capitals makes no zone", () => {
  expect(isZone("Asia/Kolkata")).toBe(true);
  expect(isZone("Asia/\u212aolkata")).toBe(false);
});
