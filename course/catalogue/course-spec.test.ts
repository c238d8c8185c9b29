import { describe, expect, it } from "vitest";
import { courseSpec } from "./course-spec.ts";

const assignment = { slug: "t1", title: "One", kind: "tutorial", points: 10 };
const course = (assignments: object[], more: object = {}) =>
  courseSpec.safeParse({
    ...{ slug: "c-1", title: "C", term: "Fall", timeZone: "America/Los_Angeles", sections: ["A"] },
    ...more,
    assignments,
  });
const problems = (parsed: ReturnType<typeof course>) =>
  parsed.error?.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`) ?? [];

describe("a course's schedule", () => {
  it("has dates Anywhere on Earth unless it says otherwise: due at the end of a day, released at its beginning", () => {
    const parsed = course([{ ...assignment, release: "2024-11-12", due: "2024-11-14" }]);
    expect(parsed.data?.assignments[0]).toMatchObject({
      dueZone: "AoE",
      releasedAt: new Date("2024-11-12T12:00:00Z"),
      dueAt: new Date("2024-11-15T12:00:00Z"),
      latePolicy: { kind: "none" },
      graceSeconds: 0,
    });
  });

  it("lets an assignment have a zone and a late policy of its own", () => {
    const own = { dueZone: "America/Los_Angeles", latePolicy: { kind: "accept" } };
    const dates = { due: "2024-11-14T17:50", availableUntil: "2024-11-20" };
    expect(course([{ ...assignment, ...own, ...dates }]).data?.assignments[0]).toMatchObject({
      dueAt: new Date("2024-11-15T01:50:00Z"),
      availableUntil: new Date("2024-11-21T08:00:00Z"),
      latePolicy: { kind: "accept" },
    });
  });

  it.each<[string, object, string]>([
    ["a release at the due date", { release: "2024-11-15", due: "2024-11-14" }, "assignments.0.release"],
    [
      "an end before the due date",
      { due: "2024-11-14", availableUntil: "2024-11-13" },
      "assignments.0.availableUntil",
    ],
    ["an end without a due date", { availableUntil: "2024-11-13" }, "assignments.0.availableUntil"],
    ["late work without an end", { due: "2024-11-14", latePolicy: { kind: "accept" } }, "assignments.0.due"],
    ["a day that does not exist", { due: "2024-11-31" }, "assignments.0.due"],
    ["an exercise twice", { exercises: ["a", "a"] }, "assignments.0.exercises.1"],
    ["a page outside the course", { page: "../x.mdx" }, "assignments.0.page"],
    ["the address of all submissions", { slug: "submissions" }, "assignments.0.slug"],
    ["a zone that is none", { dueZone: "PST8" }, "assignments.0.dueZone"],
    ["a team whose most is less than its least", { team: { min: 3, max: 2 } }, "assignments.0.team.max"],
    ["work that is collected and graded", { collect: {}, exercises: ["a"] }, "assignments.0.collect"],
    [
      "work that is collected and handed in elsewhere",
      { collect: {}, handIn: "By mail." },
      "assignments.0.handIn",
    ],
    [
      "a format that nobody can look into",
      { collect: { formats: ["rar"] } },
      "assignments.0.collect.formats.0",
    ],
    ["an exercise of the name of collected work", { exercises: ["work"] }, "assignments.0.exercises.0"],
    ["a team of nobody", { team: { min: 0, max: 2 } }, "assignments.0.team.min"],
    ["a team without a most", { team: { min: 1 } }, "assignments.0.team.max"],
  ])("refuses %s where it stands", (_what, fields, at) => {
    const found = problems(course([{ ...assignment, ...fields }]));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${at.replaceAll(".", "\\.")}: `));
  });

  it("lets students hand in together, of one section unless it says otherwise", () => {
    const { team } = course([{ ...assignment, team: { max: 2 } }]).data?.assignments[0] ?? {};
    expect(team).toEqual({ min: 1, max: 2, acrossSections: false });
    expect(course([assignment]).data?.assignments[0]?.team).toBeUndefined();
  });

  it("refuses a slug and a section that are listed twice, and a course that meets Anywhere on Earth", () => {
    expect(problems(course([assignment, assignment]))).toEqual(["assignments.1.slug: t1 is listed twice."]);
    expect(problems(course([], { sections: ["A", "A"] }))).toEqual(["sections.1: A is listed twice."]);
    expect(problems(course([], { timeZone: "AoE" }))).toHaveLength(1);
  });
});
