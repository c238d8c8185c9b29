import fc from "fast-check";
import { expect, test } from "vitest";
import { writeTags } from "#infra/compute/ec2/tags.ts";
import { isPastLease } from "./lease-rule.ts";

const now = new Date("2026-11-29T12:00:00Z");
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const tagged = (leaseUntil: string | undefined, launched: Date | undefined, installation = "ins_1") => ({
  LaunchTime: launched,
  Tags: writeTags({ installation, machine: "mac_1", leaseUntil }),
});
const past = (instance: Parameters<typeof isPastLease>[0]) => isPastLease(instance, "ins_1", now);

test("a machine is past its lease two minutes after it", () => {
  expect(past(tagged(ago(3).toISOString(), ago(30)))).toBe(true);
  expect(past(tagged(ago(1).toISOString(), ago(30)))).toBe(false);
  expect(past(tagged(ago(-10).toISOString(), ago(30)))).toBe(false);
});

test("without a lease that can be read, or with one far ahead, it is after twelve hours", () => {
  for (const lease of [undefined, "soon", "2099-01-01T00:00:00Z"]) {
    expect(past(tagged(lease, ago(12 * 60 - 1)))).toBe(false);
    expect(past(tagged(lease, ago(12 * 60 + 1)))).toBe(true);
  }
});

test("what cannot be dated is left alone", () => {
  expect(past(tagged(undefined, undefined))).toBe(false);
});

test("nothing of others is ever past its lease, whatever its tags", () => {
  const text = fc.string({ maxLength: 20 });
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          Key: fc.oneof(text, fc.constantFrom("drydock:deployment", "drydock:lease-until")),
          Value: text,
        }),
      ),
      fc.date({ noInvalidDate: true }),
      (Tags, LaunchTime) => {
        expect(past({ Tags, LaunchTime })).toBe(false);
        const foreign = [...Tags, { Key: "drydock:installation", Value: "ins_2" }];
        expect(past({ Tags: foreign, LaunchTime })).toBe(false);
      },
    ),
  );
  expect(isPastLease(tagged(ago(60).toISOString(), ago(90), ""), "", now)).toBe(false);
});
