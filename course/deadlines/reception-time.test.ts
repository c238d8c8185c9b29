import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { receptionTime } from "./reception-time.ts";

const due = new Date("2024-11-15T12:00:00.000Z");
const atDue = (ms: number) => new Date(due.getTime() + ms);
const sending = (firstMs: number, lastMs: number) => ({
  firstByteAt: atDue(firstMs),
  lastByteAt: atDue(lastMs),
});

const anySending = fc
  .record({
    first: fc.integer({ min: -600_000, max: 600_000 }),
    took: fc.integer({ min: 0, max: 600_000 }),
  })
  .map(({ first, took }) => sending(first, first + took));

describe("the time of reception", () => {
  it("headers early, bytes late: a first byte before the deadline and the rest minutes after it is late", () => {
    expect(receptionTime(sending(-1000, 290_000))).toEqual(atDue(-1000 + 291_000 - 60_000));
    expect(receptionTime(sending(-1000, 290_000)) < due).toBe(false);
  });

  it("padding: nobody gains more than a minute, by however many bytes that say nothing yet", () => {
    // 20 MB were sent in 264 s, and what counts at their end.
    expect(receptionTime(sending(-1000, 263_000))).toEqual(atDue(203_000));
  });

  it("is the first byte's when the rest follows within a minute", () => {
    expect(receptionTime(sending(-1, 59_999))).toEqual(atDue(-1));
  });

  it("a slow line costs nothing where it is done in time: sent for an hour before the deadline is on time", () => {
    expect(receptionTime(sending(-3_600_000, 59_000))).toEqual(atDue(-1000));
  });

  it("is on time exactly if it began before the deadline and was all there within a minute after it", () => {
    fc.assert(
      fc.property(anySending, (one) => {
        const onTime = one.firstByteAt < due && one.lastByteAt < atDue(60_000);
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

  it("is never later for who sends the same sooner", () => {
    fc.assert(
      fc.property(anySending, fc.nat(600_000), (one, ms) => {
        const last = Math.max(one.firstByteAt.getTime(), one.lastByteAt.getTime() - ms);
        const sooner = { ...one, lastByteAt: new Date(last) };
        expect(receptionTime(sooner) <= receptionTime(one)).toBe(true);
      }),
    );
  });

  it("does not go back with a clock that was set back meanwhile", () => {
    expect(receptionTime(sending(0, -3_600_000))).toEqual(due);
  });
});
