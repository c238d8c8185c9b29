import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { receptionTime } from "./reception-time.ts";

const due = new Date("2024-11-15T12:00:00.000Z");
const atDue = (ms: number) => new Date(due.getTime() + ms);
const sending = (firstMs: number, lastMs: number, bytes: number) => ({
  firstByteAt: atDue(firstMs),
  lastByteAt: atDue(lastMs),
  bytes,
});

const anySending = fc
  .record({
    first: fc.integer({ min: -600_000, max: 600_000 }),
    took: fc.integer({ min: 0, max: 600_000 }),
    bytes: fc.integer({ min: 0, max: 200 * 1024 * 1024 }),
  })
  .map(({ first, took, bytes }) => sending(first, first + took, bytes));

describe("the time of reception", () => {
  it("headers early, bytes late: a first byte before the deadline and the rest minutes after it is late", () => {
    expect(receptionTime(sending(-1000, 290_000, 300))).toEqual(atDue(-1000 + 291_000 - 60_002));
    expect(receptionTime(sending(-1000, 290_000, 300)) < due).toBe(false);
  });

  it("is the first byte's when the rest follows as fast as anybody's line", () => {
    expect(receptionTime(sending(-1, 59_999, 0))).toEqual(atDue(-1));
    // 20 MB at 100 KB a second take 205 s.
    expect(receptionTime(sending(-1, 200_000, 20 * 1024 * 1024))).toEqual(atDue(-1));
  });

  it("is on time exactly if it began before the deadline and was all there within the time for sending after it", () => {
    fc.assert(
      fc.property(anySending, (one) => {
        const lastOnTime = due.getTime() + 60_000 + one.bytes / 102.4;
        const onTime = one.firstByteAt < due && one.lastByteAt.getTime() < lastOnTime;
        expect(receptionTime(one) < due).toBe(onTime);
      }),
    );
  });

  it("is never before the first byte and never after the last", () => {
    fc.assert(
      fc.property(anySending, (one) => {
        const received = receptionTime(one);
        expect(received >= one.firstByteAt && received <= one.lastByteAt).toBe(true);
      }),
    );
  });

  it("is never later for who sends the same sooner, or more in the same time", () => {
    fc.assert(
      fc.property(anySending, fc.nat(600_000), fc.nat(1_000_000), (one, ms, more) => {
        const last = Math.max(one.firstByteAt.getTime(), one.lastByteAt.getTime() - ms);
        const sooner = { ...one, lastByteAt: new Date(last), bytes: one.bytes + more };
        expect(receptionTime(sooner) <= receptionTime(one)).toBe(true);
      }),
    );
  });

  it("does not go back with a clock that was set back meanwhile", () => {
    expect(receptionTime(sending(0, -3_600_000, 10))).toEqual(due);
  });
});
