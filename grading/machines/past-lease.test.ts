import fc from "fast-check";
import { expect, test } from "vitest";
import { isPastLease, type LeasedMachine } from "./past-lease.ts";

const now = new Date("2026-11-29T12:00:00Z");
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const past = (leaseUntil: Date | null, launchedAt: Date | null) =>
  isPastLease({ installation: "ins_1", leaseUntil, launchedAt }, "ins_1", now);

test("a machine is past its lease five minutes after it", () => {
  expect(past(ago(6), ago(30))).toBe(true);
  expect(past(ago(4), ago(30))).toBe(false);
  expect(past(ago(-10), ago(30))).toBe(false);
});

test("without a lease that can be read, or with one far ahead, it is after twelve hours", () => {
  for (const lease of [null, new Date("soon"), new Date("2099-01-01T00:00:00Z")]) {
    expect(past(lease, ago(12 * 60 - 1))).toBe(false);
    expect(past(lease, ago(12 * 60 + 1))).toBe(true);
  }
});

test("what cannot be dated is left alone", () => {
  expect(past(null, null)).toBe(false);
  expect(past(new Date("soon"), new Date(Number.NaN))).toBe(false);
});

test("nothing of others is ever past its lease, whatever else is said of it", () => {
  const date = fc.option(fc.date(), { nil: null });
  const foreign = fc.option(
    fc.string().filter((text) => text !== "ins_1"),
    { nil: undefined },
  );
  fc.assert(
    fc.property(
      foreign,
      date,
      date,
      fc.date({ noInvalidDate: true }),
      (installation, lease, launched, at) => {
        const machine: LeasedMachine = { installation, leaseUntil: lease, launchedAt: launched };
        expect(isPastLease(machine, "ins_1", at)).toBe(false);
      },
    ),
  );
  const nobodys = { installation: "", leaseUntil: ago(60), launchedAt: ago(90) };
  expect(isPastLease(nobodys, "", now)).toBe(false);
});
