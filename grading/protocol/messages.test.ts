import { expect, test } from "vitest";
import { runResult } from "./messages.ts";

test("a result with ever so many mistakes is refused at its first: naming them all would stop everything else", () => {
  const samples = Array.from({ length: 1200 }, () => ({}));
  const checks = Array.from({ length: 200 }, () => ({ timeline: { durationMs: 1, samples, marks: [] } }));
  const parsed = runResult.safeParse({ runId: "run_1", attempt: 1, outcome: "graded", fault: null, checks });
  expect(parsed.error?.issues).toHaveLength(1);
  expect(parsed.error?.issues[0]?.path).toEqual(["checks", 0, "id"]);
});
