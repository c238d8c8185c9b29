import { describe, expect, it } from "vitest";
import { everyClock } from "./every-clock.ts";

const end = new Date("2024-11-25T12:00:00Z");

describe("a time by every clock", () => {
  it("says each clock once, with the name of its zone", () => {
    const zones = { reader: "America/Vancouver", course: "America/Los_Angeles" };
    expect(everyClock(end, zones).split("\n")).toEqual([
      "Mon, Nov 25, 2024, 4:00 AM PST · Pacific Standard Time",
      "Mon, Nov 25, 2024, 12:00 AM AoE · Anywhere on Earth (UTC-12)",
      "Mon, Nov 25, 2024, 12:00 PM UTC · Coordinated Universal Time",
    ]);
  });

  it("names the day that ends", () => {
    const zones = { reader: "UTC", course: "UTC" };
    expect(everyClock(end, zones, { end: true })).toContain("Sun, Nov 24, 2024, end of day (AoE)");
  });
});
