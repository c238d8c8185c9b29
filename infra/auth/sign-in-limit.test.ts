import { expect, test } from "vitest";
import { minutesInWords } from "./sign-in-limit.ts";

test("a wait is told in whole minutes, never too few of them, and one minute is not plural", () => {
  expect([1, 59, 60, 61, 300].map(minutesInWords)).toEqual([
    "1 minute",
    "1 minute",
    "1 minute",
    "2 minutes",
    "5 minutes",
  ]);
});
