import { expect, test } from "vitest";
import { openStates } from "#grading/runs/run-state.ts";
import { cancelOffer } from "./what-may.ts";

const run = { state: "queued", final: false, byStaff: false } as const;

test("a student is offered to cancel their own while it waits, staff until it has ended, and nobody after that", () => {
  expect(openStates.map((state) => cancelOffer("queued", { ...run, state }))).toEqual([
    ...["offered", "too late", "too late", "too late", "too late"],
  ]);
  for (const state of openStates) expect(cancelOffer("always", { ...run, state })).toBe("offered");
  for (const right of ["queued", "always", "never"] as const) {
    expect(cancelOffer(right, { state: "graded", final: true, byStaff: false })).toBe("not offered");
  }
});

test("a student is not offered to cancel what staff asked for", () => {
  expect(cancelOffer("queued", { ...run, byStaff: true })).toBe("not offered");
  expect(cancelOffer("always", { ...run, byStaff: true })).toBe("offered");
});
