import { describe, expect, it } from "vitest";
import { placeFailures } from "./place-failures.ts";
import type { FailedRequest } from "./steady-load.ts";

const sample = (atMs: number, failed: number) => ({
  atMs,
  desired: 3,
  pods: 3,
  ready: 3,
  endpoints: 3,
  answered: 4,
  failed,
});
const failure = (atMs: number, tookMs: number): FailedRequest => ({
  atMs,
  tookMs,
  reason: "timeout",
  detail: "",
});

describe("failed requests in a drill's timeline", () => {
  it("stand where they were sent, not where they were given up", () => {
    const samples = [sample(0, 0), sample(200, 0), sample(400, 0), sample(2600, 3)];
    const failures = [failure(150, 2000), failure(200, 2000), failure(390, 2000)];
    const placed = placeFailures(samples, { failed: 3, failures });
    expect(placed.map(({ failed }) => failed)).toEqual([0, 2, 1, 0]);
    expect(placed.map(({ answered }) => answered)).toEqual([4, 4, 4, 4]);
  });

  it("are none the fewer when the last one was sent after the last sample", () => {
    expect(placeFailures([sample(0, 0)], { failed: 1, failures: [failure(50, 10)] })[0]?.failed).toBe(1);
  });

  it("stay where they were noticed when not all of them were kept", () => {
    const samples = [sample(0, 0), sample(200, 7)];
    expect(placeFailures(samples, { failed: 7, failures: [failure(10, 5)] })).toEqual(samples);
  });
});
