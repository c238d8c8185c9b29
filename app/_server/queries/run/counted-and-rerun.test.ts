import { expect, test } from "vitest";
import { countedAndRerun } from "./counted-and-rerun.ts";

const graded = { id: "run_1", state: "graded", counts: true } as const;

test("a rerun stands beside the run that counts while it is under way, and no longer", () => {
  const rerun = { id: "run_2", state: "running", counts: false } as const;
  expect(countedAndRerun([graded, rerun])).toEqual({
    counted: graded,
    rerun: { id: "run_2", state: "running" },
  });
  expect(countedAndRerun([graded, { ...rerun, state: "cancelled" }]).rerun).toBeNull();
});

test("a run that counts while it is under way is no rerun", () => {
  const queued = { ...graded, state: "queued" } as const;
  expect(countedAndRerun([queued])).toEqual({ counted: queued, rerun: null });
});
