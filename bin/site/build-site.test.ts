import { expect, test } from "vitest";
import { reasons } from "./build-site.ts";

test("a failed build is told by the lines that name the error, however many warnings come after them", () => {
  const warnings = Array.from({ length: 200 }, (_, line) => `warning ${line}`);
  const error = "app/page.tsx(3,1): error TS2307: Cannot find module './gone.ts'.";
  expect(reasons(["compiling", error, "Failed to type check.", ...warnings])).toEqual([
    error,
    "Failed to type check.",
  ]);
  expect(reasons(warnings)).toEqual(warnings.slice(-20));
});
