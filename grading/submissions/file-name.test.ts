import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMeantAsLoose, keptFileName } from "./file-name.ts";

describe("a kept file name", () => {
  it("is one printable line with no folder in it, whatever was sent", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        const kept = keptFileName(name);
        expect(kept).toMatch(/^[^/\\\p{Cc}\p{Cf}\p{Cs}]{1,400}$/u);
        expect([...kept].length).toBeLessThanOrEqual(200);
      }),
    );
  });

  it.each([
    ["C:\\Users\\sam\\work.zip", "work.zip"],
    ["/home/sam/Übung 7.zip", "Übung 7.zip"],
    ["", "submission"],
    ["///", "submission"],
    [" \u0000 ", "_"],
  ])("of %j is %j", (sent, kept) => {
    expect(keptFileName(sent)).toBe(kept);
  });
});

describe("one file alone", () => {
  it.each<[string, string[], boolean]>([
    ["Dockerfile", ["Dockerfile"], true],
    ["./Dockerfile", ["Dockerfile"], true],
    ["app/main.py", ["app/"], true],
    ["function.zip", ["function.zip"], true],
    ["work.zip", ["Dockerfile"], false],
    ["../Dockerfile", ["Dockerfile"], false],
    ["report.txt", [], true],
    ["work.tar.gz", [], false],
  ])("%s, where %j is required, is meant as itself: %s", (name, required, loose) => {
    expect(isMeantAsLoose(name, required)).toBe(loose);
  });
});
