import { expect, test } from "vitest";
import { describeChange } from "./describe-change.ts";

test("an extension says whom it is for and until when, the last second of it", () => {
  expect(
    describeChange({
      action: "extension.granted",
      before: null,
      after: { student: "usr_1", dueAt: "2024-11-25T12:00:00.000Z", stated: "2024-11-24 AoE" },
    }),
  ).toEqual({
    what: "Extension granted",
    studentId: "usr_1",
    changes: [
      { name: "due", before: null, after: { endIso: "2024-11-25T12:00:00.000Z" } },
      { name: "as typed", before: null, after: { text: "2024-11-24 AoE" } },
    ],
  });
});

test("one that was ended is about the student of before", () => {
  const before = { student: "usr_1", dueAt: "2024-11-25T12:00:00.000Z", reason: "ill" };
  expect(describeChange({ action: "extension.ended", before, after: null })).toMatchObject({
    studentId: "usr_1",
    changes: [{ name: "due", after: null }],
  });
});

test("of a loaded course only what differs is said, a late policy as a sentence", () => {
  const before = {
    title: "Tutorial 7",
    releasedAt: "2024-11-12T16:00:00.000Z",
    graceSeconds: 0,
    latePolicy: { kind: "none" },
  };
  const after = {
    ...before,
    releasedAt: "2024-11-13T16:00:00.000Z",
    graceSeconds: 900,
    latePolicy: { kind: "accept" },
  };
  const { changes } = describeChange({ action: "assignment.changed", before, after });
  expect(changes).toEqual([
    {
      name: "release",
      before: { iso: "2024-11-12T16:00:00.000Z" },
      after: { iso: "2024-11-13T16:00:00.000Z" },
    },
    { name: "grace", before: { seconds: 0 }, after: { seconds: 900 } },
    {
      name: "late work",
      before: { text: "Late work is not accepted." },
      after: { text: "Late work is accepted without deduction while the assignment is available." },
    },
  ]);
});

test("an entry of a kind that nobody knows is shown as it is", () => {
  expect(describeChange({ action: "points.changed", before: { points: 1 }, after: { points: 2 } })).toEqual({
    what: "points.changed",
    studentId: null,
    changes: [{ name: "points", before: { text: "1" }, after: { text: "2" } }],
  });
});
