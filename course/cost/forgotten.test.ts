import { expect, it } from "vitest";
import { costIfForgotten, reminder } from "./forgotten.ts";

it("a forgotten c5d.large costs what the course says: 0.78, 5.48, 23.78, 285.42", () => {
  const cents = costIfForgotten(reminder.usdPerHour).map(({ span, usd }) => [span, usd.toFixed(2)]);
  expect(cents).toEqual([
    ["day", "0.78"],
    ["week", "5.48"],
    ["month", "23.78"],
    ["year", "285.42"],
  ]);
});
