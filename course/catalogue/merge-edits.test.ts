import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Json, mergeEdits, type Side, settleField } from "./merge-edits.ts";

const value = fc.constantFrom<Json>("a", "b", "c", null, ["a"], { x: 1, y: 2 }, { y: 2, x: 1 });

describe("merging a file with what staff edited", () => {
  it("takes whose change it is, and keeps the site's where both changed", () => {
    const merged = mergeEdits(
      { mine: "old", theirs: "new", both: "file", same: "new", none: "old" },
      { mine: "old", theirs: "old", both: "old", same: "old", none: "old" },
      { mine: "site", theirs: "old", both: "site", same: "new", none: "old" },
    );
    expect(merged.values).toEqual({ mine: "site", theirs: "new", both: "site", same: "new", none: "old" });
    expect(merged.conflicts).toEqual([{ field: "both", base: "old", file: "file", site: "site" }]);
  });

  it("tells a conflict again at each sync until it is settled, and not once the file agrees", () => {
    const first = mergeEdits({ due: "file" }, { due: "old" }, { due: "site" });
    const again = mergeEdits({ due: "file" }, first.base, first.values);
    expect(again).toEqual(first);
    expect(mergeEdits({ due: "site" }, first.base, first.values).conflicts).toEqual([]);
    // Settled for the site: the file's value is taken as known.
    expect(mergeEdits({ due: "file" }, { due: "file" }, first.values)).toMatchObject({
      values: { due: "site" },
      conflicts: [],
    });
  });

  it("never drops an edit, never keeps what nobody edited, and is still afterwards", () => {
    fc.assert(
      fc.property(value, value, value, (file, base, site) => {
        const merged = mergeEdits({ f: file }, { f: base }, { f: site });
        if (sorted(site) !== sorted(base)) expect(merged.values.f).toBe(site);
        else expect(merged.values.f).toBe(file);
        expect(mergeEdits({ f: file }, merged.base, merged.values)).toEqual(merged);
      }),
    );
  });

  it("is still after a conflict was settled, for either side, and what was chosen stands", () => {
    const fields = fc.record({ f: value, g: value });
    fc.assert(
      fc.property(fields, fields, fields, fc.constantFrom("file", "site"), (file, base, site, side) => {
        const merged = mergeEdits(file, base, site);
        fc.pre(merged.conflicts.length > 0);
        const settled = merged.conflicts.reduce((row, conflict) => settleField(row, conflict, side as Side), {
          base: merged.base,
          site: merged.values,
        });
        const next = mergeEdits(file, settled.base, settled.site);
        expect(next).toEqual({ values: settled.site, base: file, conflicts: [] });
        for (const { field } of merged.conflicts) {
          const chosen: Record<string, Json> = side === "file" ? file : site;
          expect(sorted(next.values[field] as Json)).toBe(sorted(chosen[field] as Json));
        }
      }),
    );
  });

  it("takes a row that was never merged as the file left it", () => {
    expect(mergeEdits({ due: "new" }, null, { due: "old" })).toEqual({
      values: { due: "new" },
      base: { due: "new" },
      conflicts: [],
    });
    expect(mergeEdits({ due: "new" }, null, null).values).toEqual({ due: "new" });
  });
});

function sorted(value: Json): string {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? JSON.stringify(Object.entries(value).sort())
    : JSON.stringify(value);
}
