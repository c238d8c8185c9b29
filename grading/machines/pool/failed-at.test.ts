import { expect, test } from "vitest";
import type { Market } from "../provider.ts";
import { failedAt } from "./failed-at.ts";

const at = new Date("2024-11-12T18:00:00Z");
const failed = (market: Market | null) => ({ warmAt: null, drainingAt: at, market });
const warm = { warmAt: at, drainingAt: null, market: "spot" as const };

test("one that failed is enough, where machines stay that are not ended", () => {
  for (const market of [null, "on-demand"] as const) expect(failedAt([failed(market), warm])).toBe(at);
});

test("of spot one or two may have been taken back while they booted, and three in a row were not", () => {
  expect(failedAt([failed("spot")])).toBeNull();
  expect(failedAt([failed("spot"), failed("spot"), warm])).toBeNull();
  expect(failedAt([failed("spot"), failed("spot"), failed("spot")])).toBe(at);
});

test("what failed before the newest that got warm says nothing any more", () => {
  expect(failedAt([warm, failed(null), failed(null)])).toBeNull();
  expect(failedAt([])).toBeNull();
});
