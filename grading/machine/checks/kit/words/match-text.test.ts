import { expect, test } from "vitest";
import { textMatches } from "./match-text.ts";

test("text matches by what is stated", () => {
  expect(textMatches({ equals: "168" }, "168\r\n")).toBe(true);
  expect(textMatches({ contains: ["a", "b"] }, "only a")).toBe(false);
  expect(textMatches({ regex: "^b$" }, "a\nb\nc")).toBe(true);
});
