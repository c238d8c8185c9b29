import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { weekdayOf } from "./calendar-days.ts";
import { readAnnouncement, slugOfTitle, typePublication } from "./read-announcement.ts";
import { addException, readOfficeHours } from "./read-office-hours.ts";
import { officeHoursSpec } from "./schedule-spec.ts";
import { slug } from "./spec-parts.ts";

const now = new Date("2024-11-14T20:00:00Z");
const zone = "America/Los_Angeles";
const typed = { title: "Slides", body: "They are *up*.", pinned: "", date: "", time: "" };
const read = (part: Partial<typeof typed>, standing: Date | null = null) => {
  const outcome = readAnnouncement({ ...typed, ...part }, { zone, standing, now });
  return "problems" in outcome ? outcome.problems.map(({ field }) => field) : outcome.announcement;
};

describe("an announcement that staff write", () => {
  it("is published now when nobody says when, else on the clock of the course", () => {
    expect(read({ body: "a\r\nb " })).toEqual({
      title: "Slides",
      body: "a\nb",
      pinned: false,
      publishAt: now,
    });
    expect(read({ date: "2024-11-21", time: "18:05", pinned: "on" })).toMatchObject({
      ...{ pinned: true, publishAt: new Date("2024-11-22T02:05:00Z") },
    });
  });

  it("keeps the second at which it was published where its time is not changed", () => {
    fc.assert(
      fc.property(fc.date({ min: now, max: new Date("2030-01-01"), noInvalidDate: true }), (standing) => {
        expect(read(typePublication(standing, zone), standing)).toMatchObject({ publishAt: standing });
      }),
    );
  });

  it("is refused beside each field that is wrong", () => {
    expect(read({ title: " ", body: "" })).toEqual(["title", "body"]);
    expect(read({ title: "x".repeat(201), body: "\u0000" })).toEqual(["title", "body"]);
    expect(read({ body: "x".repeat(20_001) })).toEqual(["body"]);
    expect(read({ date: "2024-11-31" })).toEqual(["date"]);
    expect(read({ time: "10:00" })).toEqual(["date"]);
    expect(read({ date: "2024-11-30", time: "25:00" })).toEqual(["time"]);
    expect(read({ date: "2025-03-09", time: "02:30" })).toEqual(["time"]);
  });

  it("has a name for addresses, whatever its title", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (title) => {
        expect(slug.safeParse(slugOfTitle(title)).success).toBe(true);
      }),
    );
    expect(slugOfTitle("Slides of class 17: Künstler!")).toBe("slides-of-class-17-kunstler");
    expect(slugOfTitle("公告")).toBe("announcement");
  });
});

describe("office hours that staff set", () => {
  const hours = { weekday: "tuesday", from: "14:30", to: "15:30", place: "CP 229", link: "" };
  const set = (part: Partial<typeof hours>) => {
    const outcome = readOfficeHours({ ...hours, ...part });
    return "problems" in outcome ? outcome.problems.map(({ field }) => field) : outcome.hours;
  };

  it("are a day, two times and a place, each refused by itself", () => {
    expect(set({ link: "https://example.org/zoom" })).toEqual({
      ...{ weekday: "tuesday", fromTime: "14:30", toTime: "15:30", place: "CP 229" },
      link: "https://example.org/zoom",
    });
    expect(set({ weekday: "someday", place: "", link: "javascript:alert(1)" })).toEqual([
      ...["weekday", "place", "link"],
    ]);
    expect(set({ from: "24:00", to: "" })).toEqual(["from", "to"]);
    expect(set({ to: "14:30" })).toEqual(["to"]);
  });
});

describe("a day on which they are held otherwise", () => {
  const none = { date: "2024-11-26", cancelled: "", from: "", to: "", place: "", note: "" };
  const held = {
    ...{ weekday: "tuesday", from: "14:30", to: "15:30", exceptions: [] },
    term: { starts: "2024-09-25", ends: "2024-12-13" },
  };
  const add = (
    part: Partial<typeof none>,
    exceptions: Parameters<typeof addException>[1]["exceptions"] = [],
  ) => {
    const outcome = addException({ ...none, ...part }, { ...held, exceptions });
    return "problems" in outcome ? outcome.problems.map(({ field }) => field) : outcome.exceptions;
  };

  it("is one a day, in their order, with only what is different", () => {
    expect(add({ from: "15:00", note: "Later" }, [{ date: "2024-12-03", cancelled: true }])).toEqual([
      { date: "2024-11-26", cancelled: false, from: "15:00", note: "Later" },
      { date: "2024-12-03", cancelled: true },
    ]);
    expect(add({ cancelled: "on" }, [{ date: "2024-11-26", cancelled: false, place: "CP 1" }])).toEqual([
      { date: "2024-11-26", cancelled: true },
    ]);
  });

  it("is refused on another weekday, outside the term, when nothing is different, or when it ends too early", () => {
    for (const date of ["", "26.11.2024", "2024-11-31", "2024-11-27", "2024-12-17"]) {
      expect(add({ date, cancelled: "on" }), date).toEqual(["date"]);
    }
    expect(add({})).toEqual(["from"]);
    expect(add({ from: "15:30" })).toEqual(["to"]);
    expect(add({ to: "noon" })).toEqual(["to"]);
    expect(add({ note: "x".repeat(201) })).toEqual(["note"]);
  });

  it("is one that a file could state", () => {
    const text = fc.constantFrom("", "10:00", "16:00", "x", "CP 1");
    const any = fc.record({ date: text, cancelled: text, from: text, to: text, place: text, note: text });
    const shape = officeHoursSpec.shape.exceptions;
    fc.assert(
      fc.property(any, fc.integer({ min: 0, max: 60 }), (some, shift) => {
        const date = new Date(Date.UTC(2024, 9, 1 + shift)).toISOString().slice(0, 10);
        const outcome = addException({ ...some, date }, held);
        if ("problems" in outcome) return;
        expect(shape.safeParse(outcome.exceptions).success).toBe(true);
        expect(weekdayOf(date)).toBe("tuesday");
      }),
    );
  });
});
