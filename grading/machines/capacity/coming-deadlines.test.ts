import fc from "fast-check";
import { expect, test } from "vitest";
import { type ClassWork, comingDeadlines } from "./coming-deadlines.ts";

const now = new Date("2024-11-15T11:00:00Z");
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);
const work = (title: string, students: ClassWork["students"]): ClassWork => ({
  ...{ title, machineKind: "engine", nodes: 0, timeoutSeconds: 600, students },
});

test("students with an extension are due by themselves, and what is over or far ahead is left out", () => {
  const due = (at: number, handedIn = false) => ({ dueAt: hours(at), handedIn });
  const works = [
    work("later", [due(30), due(200)]),
    work("sooner", [due(2), due(2, true), due(50), due(0), due(-3)]),
  ];
  expect(
    comingDeadlines(works, now, hours(100)).map(({ title, dueAt, students, handedIn }) => [
      ...[title, (dueAt.getTime() - now.getTime()) / 3_600_000, students, handedIn],
    ]),
  ).toEqual([
    ["sooner", 2, 2, 1],
    ["later", 30, 1, 0],
    ["sooner", 50, 1, 0],
  ]);
});

test("every student who is due in the time counts once", () => {
  const students = fc.array(
    fc.record({ dueAt: fc.integer({ min: -5, max: 20 }).map(hours), handedIn: fc.boolean() }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(fc.array(students, { maxLength: 4 }), (classes) => {
      const works = classes.map((one, index) => work(`work ${index}`, one));
      const deadlines = comingDeadlines(works, now, hours(10));
      const inTime = classes.flat().filter(({ dueAt }) => dueAt > now && dueAt <= hours(10));
      const sum = (of: "students" | "handedIn") => deadlines.reduce((total, one) => total + one[of], 0);
      expect(sum("students")).toBe(inTime.length);
      expect(sum("handedIn")).toBe(inTime.filter(({ handedIn }) => handedIn).length);
      expect(deadlines.map(({ dueAt }) => +dueAt)).toEqual(
        deadlines.map(({ dueAt }) => +dueAt).toSorted((a, b) => a - b),
      );
    }),
  );
});
