import { expect, it } from "vitest";
import { findJsonProblem } from "./match-json.ts";

const nested = (depth: number) => `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;

it("JSON nested 5,000 and 100,000 deep is a sentence for the student, not an exception", () => {
  for (const depth of [5_000, 100_000])
    for (const [path, want] of [
      ["a", 1],
      ["a", { type: "string" as const }],
      ["", "x"],
    ] as const)
      expect(findJsonProblem({ [path]: want }, nested(depth))).toBe(
        "The body is JSON with more than 100 levels one in another.",
      );
  expect(findJsonProblem({ a: { type: "array" } }, nested(50))).toBeNull();
});

it("JSON matches by what is stated, and what differs is said", () => {
  expect(
    findJsonProblem({ "user.name": "x", items: { type: "array" } }, '{"user":{"name":"x"},"items":[]}'),
  ).toBeNull();
  expect(findJsonProblem({ count: 25 }, '{"count":"25"}')).toBe('count is "25" instead of 25.');
  expect(findJsonProblem({ "a.b": 1 }, '{"a":null}')).toBe("There is no a.b in it.");
  expect(findJsonProblem({ __proto__x: 1 }, "hello")).toBe("The body is not JSON.");
});
