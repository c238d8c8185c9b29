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

test.each([
  ["a soft hyphen", "Docker\u00adfile"],
  ["an Arabic letter mark", "a\u061cb"],
  ["a tag letter", "a\u{e0041}"],
  ["a variation selector", "a\ufe0f"],
  ["a joiner, as in some emoji", "\u{1f468}\u200d\u{1f4bb}"],
  ["a Hangul filler", "a\u3164"],
  ["a combining joiner", "a\u034fb"],
])("a name with %s is refused, and shown with it", (_what, name) => {
  expect(cleanEntryPath(name)).toMatchObject({ outcome: "refused", code: "path-bad-name" });
  expect(showName(name)).toContain("\\u{");
});

test("a name in any script, and an emoji by itself, is taken", () => {
  for (const name of ["größe.py", "отчёт.md", "課題.txt", "تقرير.txt", "😀.txt", "हिन्दी.md"]) {
    expect(cleanEntryPath(name)).toMatchObject({ outcome: "ok" });
  }
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
