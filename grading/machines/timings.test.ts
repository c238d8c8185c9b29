import { expect, test } from "vitest";
import { defaultTimings } from "./timings.ts";

test("a provider that does not answer is given up before a loop blames the run or the machine for it", () => {
  const { providerLimitMs, claimTimeoutMs, bootTimeoutMs } = defaultTimings;
  expect(providerLimitMs.price).toBeLessThan(claimTimeoutMs);
  expect(2 * providerLimitMs.launch).toBeLessThanOrEqual(bootTimeoutMs);
});
