import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseManifest } from "./parse-manifest.ts";

const broken = (text: string) =>
  parseManifest(text).map((document) => (document.outcome === "broken" ? document.message : document.value));

describe("a manifest", () => {
  test("whose merge key merges nothing is broken, and the documents beside it are read", () => {
    expect(broken("<<: \n---\na: 1\n")).toEqual([expect.stringContaining("merge key (<<)"), { a: 1 }]);
    expect(broken("<<: [1]\n")).toEqual([expect.stringContaining("merge key (<<)")]);
    expect(broken("a: &x { b: 1 }\nc: { <<: *x }\n")).toEqual([{ a: { b: 1 }, c: { b: 1 } }]);
  });

  test("with a placeholder as it stands in templates is told so, with its line", () => {
    expect(parseManifest("a: 1\nname: {{ name }}\n")).toMatchObject([
      { outcome: "broken", line: 2, message: expect.stringContaining("{{ name }}") },
    ]);
  });

  test.each(["[", "{", "- ", "? ", '{"a":', "a: {"])(
    "that nests %j 20,000 times is broken, and ends no process",
    (opening) => {
      expect(broken(opening.repeat(20_000))).toEqual([expect.stringContaining("nested too deeply")]);
    },
  );

  test("is read as JSON would hold it, or broken: it throws nothing and holds nothing else", () => {
    const word = fc.constantFrom(
      ...["<<", "<<: ", "a", ": ", "? ", "- ", "&x ", "*x", "{", "}", "[", "]", ", ", "\n", "\n  ", "---\n"],
      ...["!!set ", "!!omap ", "!!pairs ", "!!binary ", "!!merge ", "!!timestamp ", "!!float ", "!!int "],
      ...["!!null ", "!!str ", "!!map ", "!!seq ", "!own ", "!", "'", '"', "|\n", ">-\n ", "# c\n", "\t"],
      ...["%YAML 1.2\n", "%TAG ! x\n", "12:30", "0o7", "-.inf", ".nan", "0x1F", "1e999", "~", "2001-01-01"],
      ...["__proto__", "constructor"],
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        for (const document of parseManifest(words.join("")))
          if (document.outcome === "ok")
            // By their prototypes: a value may have a key named constructor.
            deepStrictEqual(JSON.parse(JSON.stringify(document.value)), document.value);
      }),
      { numRuns: 20_000 },
    );
  });
});
