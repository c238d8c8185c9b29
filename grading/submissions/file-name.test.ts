import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ArchiveFormat } from "./archive/format-of-bytes.ts";
import { isArchiveAlone, keptFileName } from "./file-name.ts";

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
  it.each<[string, string[], ArchiveFormat | null, boolean]>([
    ["Dockerfile", ["Dockerfile"], null, false],
    ["./Dockerfile", ["Dockerfile"], null, false],
    ["app/main.py", ["app/"], null, false],
    ["function.zip", ["function.zip"], "zip", false],
    ["work.zip", ["Dockerfile"], "zip", true],
    ["work.zip", ["Dockerfile"], null, true],
    ["notes.txt", ["Dockerfile"], null, false],
    ["work", ["Dockerfile"], "tar.gz", true],
    ["../Dockerfile", ["Dockerfile"], null, false],
    ["report.txt", [], null, false],
    ["work.tar.gz", [], "tar.gz", true],
  ])(
    "%s, where %j is required and its bytes are %s, is opened as an archive: %s",
    (name, required, format, opened) => {
      expect(isArchiveAlone(name, required, format)).toBe(opened);
    },
  );
});
