import { expect, test } from "vitest";
import { tooLargePacked } from "./too-large-packed.ts";

const MB = 1024 ** 2;

test("a size that is known is said, one that is not is more than the limit", () => {
  expect(tooLargePacked("big30.zip", 30 * MB, 20 * MB)).toBe(
    '"big30.zip" has 30 MB; this exercise takes at most 20 MB; leave out large files.',
  );
  expect(tooLargePacked(null, null, 20 * MB)).toBe(
    "The upload has more than 20 MB, the most this exercise takes; leave out large files.",
  );
});

test("two sizes that read the same are said in bytes", () => {
  expect(tooLargePacked("a.zip", 20 * MB + 1, 20 * MB)).toContain(
    "has 20,971,521 bytes; this exercise takes at most 20,971,520 bytes",
  );
});
