import { expect, test } from "vitest";
import { createNewcomers } from "./quiet-turn.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("work that may wait begins after a turn in which nobody came, and a flood does not keep it for ever", async () => {
  const { heard, whenQuiet } = createNewcomers();
  let begun = 0;
  whenQuiet(() => {
    begun += 1;
  });
  for (let i = 0; i < 20; i += 1) {
    heard();
    await turn();
  }
  expect(begun).toBe(0);
  await turn();
  await turn();
  expect(begun).toBe(1);
  whenQuiet(() => {
    begun += 1;
  });
  for (let i = 0; i < 1_001; i += 1) {
    heard();
    await turn();
  }
  expect(begun).toBe(2);
});
