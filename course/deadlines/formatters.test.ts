import { expect, test } from "vitest";
import { formatterOf } from "./formatters.ts";
import { isZone } from "./zones.ts";

test("a zone has one formatter of a shape, however its name is spelled", () => {
  const one = formatterOf("America/Los_Angeles", "fields");
  for (const spelled of ["america/los_angeles", "AMERICA/LOS_ANGELES", "aMeRiCa/LoS_aNgElEs"])
    expect(formatterOf(spelled, "fields"), spelled).toBe(one);
  expect(formatterOf("America/Los_Angeles", "day")).not.toBe(one);
});

test("a letter that only looks like another one in capitals makes no zone", () => {
  expect(isZone("Asia/Kolkata")).toBe(true);
  expect(isZone("Asia/\u212aolkata")).toBe(false);
});
