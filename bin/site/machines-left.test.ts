import { expect, test } from "vitest";
import { leftSentence } from "./machines-left.ts";

const until = new Date(2024, 10, 12, 15, 32, 40);

test("whoever stops the site is told which machines grade on, until when, and what takes them up", () => {
  expect(leftSentence({ machines: 1, until }, false)).toBe(
    "1 machine is still grading: it ends by itself at 15:32 at the latest, or start Drydock again to take its run up.",
  );
  expect(leftSentence({ machines: 3, until }, false)).toBe(
    "3 machines are still grading: they end by themselves at 15:32 at the latest, or start Drydock again to take their runs up.",
  );
});

test("where the engine is stopped as well, nothing is said to go on", () => {
  expect(leftSentence({ machines: 1, until }, true)).toBe(
    "1 machine is still grading and ends with the Docker engine that Drydock had started. Its run is kept: the next start grades it again.",
  );
});
