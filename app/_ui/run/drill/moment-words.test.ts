import { expect, it } from "vitest";
import { momentWords } from "./moment-words.ts";

it("a moment always has its tenth and never runs ahead", () => {
  expect([0, 99, 950, 12_400, 59_999, 60_000, 125_040].map(momentWords)).toEqual([
    "0.0 s",
    "0.0 s",
    "0.9 s",
    "12.4 s",
    "59.9 s",
    "1:00.0",
    "2:05.0",
  ]);
});
