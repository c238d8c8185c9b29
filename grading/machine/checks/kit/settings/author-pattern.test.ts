import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textMatches } from "../words/match-text.ts";
import { authorPatternProblem, compileAuthorPattern } from "./author-pattern.ts";
import { textMatch } from "./settings.ts";

describe("an author's pattern", () => {
  it.each([
    ["(?<=port )8080", "has a look-behind"],
    ["(?<!x)y", "has a look-behind"],
    ["a(?=b)", "has a look-ahead"],
    ["^(?!.*root).*$", "has a look-ahead"],
    [String.raw`(a|b).*\1`, "has a back-reference"],
    [String.raw`(?<word>\w+) \k<word>`, "has a back-reference"],
    ["(", "is no regular expression"],
    ["(a{500}){900}", "cannot be matched in time"],
    [String.raw`(\w{900} ){3}`, "cannot be matched in time"],
    [String.raw`(\w{90} ){11}(\w{90} ){11}(\w{90} ){11}`, "repeats too much"],
  ])("%s is refused by name, with what to write instead", (source, words) => {
    expect(authorPatternProblem(source)).toContain(words);
    const parsed = textMatch.safeParse({ regex: source });
    expect(parsed.error?.issues[0]?.message).toBe(authorPatternProblem(source));
  });

  it.each([String.raw`a\(?=b`, String.raw`\\1`, String.raw`^\s*(3[1-9])\s*$`, "[(?=]", "^#!.*sh"])(
    "%s is taken",
    (source) => expect(authorPatternProblem(source)).toBeNull(),
  );

  it("means what it means in JavaScript, on text of plain characters", () => {
    const piece = fc.constantFrom(
      "a",
      "b",
      "[ab]",
      "\\d",
      "\\s",
      ".",
      "^",
      "$",
      "\\b",
      "(?:a|b1)",
      "\\w",
      "\\n",
    );
    const counted = fc
      .tuple(piece, fc.constantFrom("", "*", "+", "?", "{1,2}", "*?"))
      .map(([what, count]) => (/^(?:\^|\$|\\b)$/.test(what) ? what : what + count));
    fc.assert(
      fc.property(
        fc.array(counted, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join("")),
        fc.string({ unit: fc.constantFrom("a", "b", "1", " ", "\n", "é"), maxLength: 20 }),
        (source, text) => {
          expect(compileAuthorPattern(source).test(text)).toBe(new RegExp(source, "mu").test(text));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("meets Windows' line ends as plain ones", () => {
    expect(textMatches({ regex: "^12$" }, "11\r\n12\r\n13")).toBe(true);
  });
});
