import fc from "fast-check";
import ICAL from "ical.js";
import { describe, expect, it } from "vitest";
import type { CalendarEntry } from "#course/calendar/calendar-entry.ts";
import { writeCalendar } from "./write-calendar.ts";

const course = { name: "TCSS 462/562 Fall 2024", id: "crs_1", address: "https://drydock.example.edu" };
const now = new Date("2024-11-20T20:00:00Z");
const plain = { title: "Tutorial 6 due", lines: [], place: null, path: "/x", busy: false };

/** As another reader of such files has it. */
function read(entries: CalendarEntry[]) {
  const calendar = new ICAL.Component(ICAL.parse(writeCalendar({ ...course, entries, now })));
  return calendar.getAllSubcomponents("vevent").map((component) => new ICAL.Event(component));
}

describe("a calendar file", () => {
  it("has each instant to the second, whatever the zone of the computer", () => {
    const instants = fc.date({
      min: new Date("2000-01-01"),
      max: new Date("2100-01-01"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 10_000_000 }), (at, seconds) => {
        const startsAt = new Date(Math.floor(at.getTime() / 1000) * 1000);
        const endsAt = new Date(startsAt.getTime() + seconds * 1000);
        const [instant, span] = read([
          { ...plain, key: "a", when: { kind: "instant", at: startsAt } },
          { ...plain, key: "b", when: { kind: "span", startsAt, endsAt } },
        ]);
        expect(instant?.startDate.toJSDate()).toEqual(startsAt);
        expect(instant?.component.hasProperty("dtend")).toBe(false);
        expect([span?.startDate.toJSDate(), span?.endDate.toJSDate()]).toEqual([startsAt, endsAt]);
      }),
    );
  });

  it("has days without a zone, the last of them included", () => {
    const when = { kind: "days" as const, from: "2024-11-28", to: "2024-11-29" };
    const [days] = read([{ ...plain, key: "break", when }]);
    expect(days?.startDate.isDate).toBe(true);
    expect([days?.startDate.toString(), days?.endDate.toString()]).toEqual(["2024-11-28", "2024-11-30"]);
  });

  it("says any text back as it was, and takes no line of it for one of its own", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
        // Control characters are no text there, and ends of lines are all one.
        const said = text.replace(/[\p{Cc}\u2028\u2029]/gu, " ");
        const entry = { ...plain, key: "a", when: { kind: "instant" as const, at: now } };
        const evil = `${said}\r\nEND:VEVENT\nBEGIN:VEVENT\n${said}`;
        const [one, ...others] = read([{ ...entry, title: said, lines: [evil] }]);
        expect(others).toEqual([]);
        expect(one?.summary).toBe(said);
      }),
    );
  });

  it("names each thing by the course and its key, so that a change moves it", () => {
    const [one] = read([{ ...plain, key: "due-tutorial-6", when: { kind: "instant", at: now } }]);
    expect(one?.uid).toBe("due-tutorial-6@crs_1.drydock");
    expect(one?.component.getFirstPropertyValue("url")).toBe("https://drydock.example.edu/x");
  });
});
