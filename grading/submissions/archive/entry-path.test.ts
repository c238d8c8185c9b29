import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanEntryPath, showName } from "./entry-path.ts";

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc
    .array(fc.constantFrom("..", ".", "", "a", "B", "é", "/", "\\", "C:", "\u202e", "x y"), { maxLength: 8 })
    .map((s) => s.join("/")),
);

test("a cleaned path joined to a folder stays inside it", () => {
  fc.assert(
    fc.property(hostile, (raw) => {
      const cleaned = cleanEntryPath(raw);
      if (cleaned.outcome !== "ok") return;
      const full = path.resolve("/base/dir", cleaned.path);
      expect(full === "/base/dir" || full.startsWith("/base/dir/")).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("cleaning a clean path changes nothing", () => {
  fc.assert(
    fc.property(hostile, (raw) => {
      const cleaned = cleanEntryPath(raw);
      if (cleaned.outcome === "ok") expect(cleanEntryPath(cleaned.path)).toEqual(cleaned);
    }),
    { numRuns: 2000 },
  );
});

test("a shown name has no control or invisible character and a bounded length", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (name) => {
      const shown = showName(name);
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(shown.length).toBeLessThanOrEqual(122);
    }),
  );
});
