import { describe, expect, it } from "vitest";
import { describeDeadline } from "../deadlines/describe-deadline.ts";
import { termEntries } from "./class-entries.ts";
import { deadlineEntry } from "./deadline-entry.ts";

const at = (text: string) => new Date(text);
const zone = "America/Los_Angeles";
const seen = { now: at("2024-11-20T20:00:00Z"), courseZone: zone, readerZone: null };
const deadline = describeDeadline(
  {
    releasedAt: null,
    dueAt: at("2024-11-24T12:00:00Z"),
    graceSeconds: 0,
    graceUntil: at("2024-11-24T12:00:00Z"),
    closesAt: at("2024-11-28T12:00:00Z"),
    latePolicy: { kind: "none" },
    extended: true,
  },
  seen,
);
const work = { slug: "tutorial-6", title: "Tutorial 6", deadline, submissions: 0, path: "/x" };
const exercise = (points: number | null) => ({ points, maxPoints: points === null ? null : 100 });

describe("a deadline in a calendar", () => {
  it("is at its very instant, an extension's where there is one", () => {
    const entry = deadlineEntry({ ...work, exercises: [exercise(null)] });
    expect(entry).toMatchObject({
      key: "due-tutorial-6",
      when: { kind: "instant", at: at("2024-11-24T12:00:00Z") },
      title: "Tutorial 6 due",
      busy: false,
    });
    expect(entry?.lines.join("\n")).toContain("This is your extension.");
    expect(entry?.lines.join("\n")).toContain("Nothing handed in yet.");
  });

  it("is marked once nothing more can be had, and not before", () => {
    const title = (...exercises: ReturnType<typeof exercise>[]) =>
      deadlineEntry({ ...work, submissions: 1, exercises })?.title;
    expect(title(exercise(100))).toBe("✓ Tutorial 6");
    expect(title(exercise(100), exercise(99))).toBe("Tutorial 6 due");
    expect(title()).toBe("Tutorial 6 due");
  });

  it("says nothing of points where no machine grades", () => {
    const once = { ...work, submissions: 1, exercises: [exercise(null)] };
    expect(deadlineEntry({ ...once, collected: true })?.lines).toContain("Handed in once.");
    expect(deadlineEntry(once)?.lines).toContain("Handed in once, not at all points yet.");
  });

  it("is none where work has no due date", () => {
    expect(deadlineEntry({ ...work, exercises: [], deadline: { ...deadline, due: null } })).toBeNull();
  });
});

describe("a term in a calendar", () => {
  const one = {
    ...{
      number: 17,
      title: "Kubernetes",
      place: "CP 106",
      slides: null,
      objectives: ["Questions from 11/19"],
    },
    ...{ day: "2024-11-21", startsAt: at("2024-11-21T23:40:00Z"), endsAt: at("2024-11-22T01:40:00Z") },
  };
  const last = { ...one, number: 18, day: "2024-12-05" };
  const hours = {
    ...{ slug: "tuesday", weekday: "tuesday", from: "14:30", to: "15:30", place: "CP 229", link: null },
    exceptions: [
      { date: "2024-11-26", cancelled: true },
      { date: "2024-12-03", cancelled: false, from: "16:00", to: "17:00", note: "later, for once" },
    ],
  };
  const term = {
    zone,
    path: "/s",
    breaks: [{ from: "2024-11-28", to: "2024-11-29", title: "Thanksgiving" }],
  };

  it("has classes, days without, and office hours between the first class and the last that are held", () => {
    const entries = termEntries({ ...term, classes: [one, last], officeHours: [hours] });
    expect(entries.map(({ key }) => key)).toEqual([
      ...["class-17", "class-18", "break-2024-11-28", "hours-tuesday-2024-12-03"],
    ]);
    expect(entries.at(-1)).toMatchObject({
      when: { kind: "span", startsAt: at("2024-12-04T00:00:00Z"), endsAt: at("2024-12-04T01:00:00Z") },
      lines: ["later, for once"],
    });
  });

  it("has no office hours while it has no class", () => {
    expect(termEntries({ ...term, breaks: [], classes: [], officeHours: [hours] })).toEqual([]);
  });
});
