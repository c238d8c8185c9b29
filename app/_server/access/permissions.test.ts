import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Actor,
  decide,
  type PermissionName,
  permissions,
  type Role,
  type Subjects,
} from "./permissions.ts";

const actor = (userId: string, role: Role | null, courseId = "here"): Actor => ({
  userId,
  name: "Somebody",
  email: "somebody@example.edu",
  timeZone: null,
  enrollments: role === null ? [] : [{ courseId, role }],
});

const course = { courseId: "here" };
const assignment = { ...course, assignmentId: "a", released: true };
const subjects: Subjects = {
  none: null,
  course,
  assignment,
  exercise: { ...assignment, exerciseId: "e" },
  submission: { ...course, submissionId: "s", ownerId: "me", memberIds: ["mate"] },
  notice: { ...course, noticeId: "n" },
  run: { ...course, runId: "r", ownerId: "me", memberIds: ["mate"], countedNotGradable: false },
};
const decideOn = (name: PermissionName, who: Actor | null, change: object = {}) => {
  const subject = subjects[permissions[name].subject];
  return decide(name, who, (subject === null ? null : { ...subject, ...change }) as never);
};

const names = Object.keys(permissions) as PermissionName[];
const anyName = fc.constantFrom(...names);
const anyRole = fc.constantFrom<Role | null>("student", "ta", "instructor", null);
const anyChange = fc.record({
  released: fc.boolean(),
  countedNotGradable: fc.boolean(),
  ownerId: fc.constantFrom("me", "you"),
  memberIds: fc.constantFrom([], ["mate"]),
});

test("nobody may only what everybody may, and is asked to sign in for all else", () => {
  const allowed = names.filter((name) => decideOn(name, null) === "allowed");
  expect(allowed).toEqual(["site.view"]);
  fc.assert(
    fc.property(anyName, anyChange, (name, change) => {
      fc.pre(name !== "site.view");
      expect(decideOn(name, null, change)).toBe("sign-in");
    }),
  );
});

test("a role in another course is worth as much as none", () => {
  fc.assert(
    fc.property(anyName, anyRole, anyChange, (name, role, change) => {
      expect(decideOn(name, actor("you", role, "elsewhere"), change)).toBe(
        decideOn(name, actor("you", null), change),
      );
    }),
  );
});

test("an instructor may whatever a ta may, and a ta whatever a student may who does not own it", () => {
  fc.assert(
    fc.property(anyName, anyChange, (name, change) => {
      const [student, ta, instructor] = (["student", "ta", "instructor"] as const).map(
        (role) => decideOn(name, actor("them", role), change) === "allowed",
      );
      expect(Number(student)).toBeLessThanOrEqual(Number(ta));
      expect(Number(ta)).toBeLessThanOrEqual(Number(instructor));
    }),
  );
});

test("another student's work is hidden, not forbidden, whatever is asked of it", () => {
  for (const name of names.filter((one) => ["submission", "run"].includes(permissions[one].subject))) {
    expect(decideOn(name, actor("you", "student")), name).toBe("hidden");
    expect(decideOn(name, actor("you", null)), name).toBe("hidden");
  }
});

test("the owner sees the work, also after leaving the course, but not what is for staff", () => {
  for (const role of ["student", null] as const) {
    expect(decideOn("run.view", actor("me", role))).toBe("allowed");
    expect(decideOn("submission.view", actor("me", role))).toBe("allowed");
    expect(decideOn("run.view-staff", actor("me", role))).toBe("forbidden");
    // Which of their own runs may be cancelled is the use case's to say: one that waits.
    expect(decideOn("run.cancel", actor("me", role))).toBe("allowed");
  }
});

test("who is in the team of the work may whatever its owner may, and nothing more", () => {
  fc.assert(
    fc.property(anyName, anyRole, anyChange, (name, role, change) => {
      fc.pre(["submission", "run"].includes(permissions[name].subject));
      const own = { ...change, ownerId: "me", memberIds: ["mate"] };
      expect(decideOn(name, actor("mate", role), own)).toBe(decideOn(name, actor("me", role), own));
      const left = { ...own, memberIds: [] };
      expect(decideOn(name, actor("mate", role), left)).toBe(decideOn(name, actor("you", role), own));
    }),
  );
});

test("the owner may have a run again only when the run that counts was not graded; staff always may", () => {
  expect(decideOn("run.rerun", actor("me", "student"), { countedNotGradable: false })).toBe("forbidden");
  expect(decideOn("run.rerun", actor("me", "student"), { countedNotGradable: true })).toBe("allowed");
  expect(decideOn("run.rerun", actor("you", "student"), { countedNotGradable: true })).toBe("hidden");
  expect(decideOn("run.rerun", actor("you", "ta"), { countedNotGradable: false })).toBe("allowed");
});

test("which result counts is for those to say who may replace one by a rerun, and never for its owner", () => {
  for (const role of ["ta", "instructor"] as const) {
    expect(decideOn("run.make-count", actor("you", role))).toBe("allowed");
  }
  expect(decideOn("run.make-count", actor("me", "student"), { countedNotGradable: true })).toBe("forbidden");
  expect(decideOn("run.make-count", actor("you", "student"))).toBe("hidden");
});

test("what is not released is hidden from students and open to staff", () => {
  for (const name of ["assignment.view", "exercise.view"] as const) {
    expect(decideOn(name, actor("me", "student"), { released: false })).toBe("hidden");
    expect(decideOn(name, actor("me", "student"), { released: true })).toBe("allowed");
    expect(decideOn(name, actor("me", "ta"), { released: false })).toBe("allowed");
  }
});

test("deadlines are seen by all staff of the course and changed by its instructors alone", () => {
  for (const released of [true, false]) {
    expect(decideOn("assignment.view-staff", actor("me", "ta"), { released })).toBe("allowed");
    expect(decideOn("deadline.change", actor("me", "instructor"), { released })).toBe("allowed");
    expect(decideOn("deadline.change", actor("me", "ta"), { released })).toBe("forbidden");
  }
  expect(decideOn("deadline.change", actor("me", "student"))).toBe("forbidden");
  expect(decideOn("assignment.view-staff", actor("me", "student"), { released: false })).toBe("hidden");
  expect(decideOn("deadline.change", actor("me", "instructor", "elsewhere"))).toBe("hidden");
});

test("a notice of a course is its staff's, one of the platform the staff's of every course, and none a student's", () => {
  for (const [courseId, elsewhere] of [
    ["here", "hidden"],
    [null, "allowed"],
  ] as const) {
    expect(decideOn("notice.close", actor("you", "ta"), { courseId })).toBe("allowed");
    expect(decideOn("notice.close", actor("you", "instructor", "elsewhere"), { courseId })).toBe(elsewhere);
    expect(decideOn("notice.close", actor("you", "student"), { courseId })).toBe("hidden");
    expect(decideOn("notice.close", actor("you", "student", "elsewhere"), { courseId })).toBe("hidden");
  }
});
