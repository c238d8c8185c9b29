import fc from "fast-check";
import { expect, test } from "vitest";
import { howItWent } from "./how-it-went.ts";

test("all, some or none of the points, and nothing where there is no score or nothing to earn", () => {
  expect([howItWent(20, 20), howItWent(0.01, 20), howItWent(19.99, 20), howItWent(0, 20)]).toEqual([
    ...["all", "some", "some", "none"],
  ]);
  expect([howItWent(null, 20), howItWent(3, null), howItWent(0, 0)]).toEqual([null, null, null]);
});

test("more points never look worse", () => {
  const rank = { none: 0, some: 1, all: 2 };
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(1000), fc.integer({ min: 1, max: 1000 }), (a, b, most) => {
      const [less, more] = [Math.min(a, b, most), Math.min(Math.max(a, b), most)];
      const looks = [howItWent(less, most), howItWent(more, most)].map((look) => look && rank[look]);
      expect(looks[0]).toBeLessThanOrEqual(looks[1] ?? -1);
    }),
  );
});
