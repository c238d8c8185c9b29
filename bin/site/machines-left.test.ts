import { expect, test } from "vitest";
import { leftSentence } from "./machines-left.ts";

const until = new Date(2024, 10, 12, 15, 32, 40);

test("whoever stops the site is told which machines grade on, until when, and what takes them up", () => {
  expect(leftSentence({ machines: 1, until }, null)).toBe(
    "1 machine is still grading: it ends by itself at 15:32 at the latest, or start Drydock again to take its run up.",
  );
  expect(leftSentence({ machines: 3, until }, null)).toBe(
    "3 machines are still grading: they end by themselves at 15:32 at the latest, or start Drydock again to take their runs up.",
  );
});

test("where what they run in is stopped as well, nothing is said to go on", () => {
  expect(leftSentence({ machines: 1, until }, "the local EC2")).toBe(
    "1 machine is still grading and ends with the local EC2. Its run is kept: the next start grades it again.",
  );
});
