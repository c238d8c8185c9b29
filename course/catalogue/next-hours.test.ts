import { describe, expect, it } from "vitest";
import { nextHours, type WeeklyHours } from "./next-hours.ts";

const zone = "America/Los_Angeles";
const tuesday: WeeklyHours = {
  weekday: "tuesday",
  from: "14:30",
  to: "15:30",
  place: "CP 229",
  exceptions: [],
};
const at = (text: string) => new Date(text);

describe("the next office hours", () => {
  it("are today's until they end, then next week's, on the clock of the course over a clock change", () => {
    expect(nextHours(tuesday, zone, at("2024-10-29T22:29:59Z"))?.startsAt).toEqual(
      at("2024-10-29T21:30:00Z"),
    );
    expect(nextHours(tuesday, zone, at("2024-10-29T22:30:00Z"))?.startsAt).toEqual(
      at("2024-11-05T22:30:00Z"),
    );
  });

  it("say of an exception that they are not held, or where", () => {
    const exceptions = [
      { date: "2024-11-05", cancelled: true, note: "travel" },
      { date: "2024-11-12", cancelled: false, place: "Zoom", from: "16:00", to: "17:00" },
    ];
    const hours = { ...tuesday, exceptions };
    expect(nextHours(hours, zone, at("2024-11-04T12:00:00Z"))).toMatchObject({
      cancelled: true,
      note: "travel",
    });
    expect(nextHours(hours, zone, at("2024-11-06T12:00:00Z"))).toMatchObject({
      ...{ cancelled: false, moved: true, place: "Zoom" },
      startsAt: at("2024-11-13T00:00:00Z"),
    });
  });
});
