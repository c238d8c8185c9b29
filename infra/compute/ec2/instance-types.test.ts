import { expect, test } from "vitest";
import { typesFor } from "./instance-types.ts";

test("a machine has many pools that may have an instance for it, none smaller than it must be", () => {
  expect(typesFor({ cpus: 2, memoryMiB: 2048 })).toEqual(
    expect.arrayContaining(["c6a.large", "c5d.large", "m5.large"]),
  );
  expect(typesFor({ cpus: 2, memoryMiB: 4096 }).length).toBeGreaterThanOrEqual(5);
  // Less memory than that has no c type of two processors.
  expect(typesFor({ cpus: 2, memoryMiB: 6144 }).every((type) => /^m.*\.large$/.test(type))).toBe(true);
  expect(typesFor({ cpus: 4, memoryMiB: 8192 }).every((type) => type.endsWith(".xlarge"))).toBe(true);
});

test("a machine larger than any type has none", () => {
  expect(typesFor({ cpus: 64, memoryMiB: 262_144 })).toEqual([]);
});
