import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ansiSpans, plainText, splitAtMatches } from "./ansi.ts";

const esc = "\u001b";

describe("a log line written by a student's program", () => {
  it("keeps colours and bold", () => {
    expect(ansiSpans(`${esc}[31mred${esc}[0m plain ${esc}[1;92mgood`)).toEqual([
      { text: "red", color: "red", bold: false },
      { text: " plain ", color: null, bold: false },
      { text: "good", color: "green", bold: true },
    ]);
  });

  it("does not mistake the numbers of a 256-colour code for colours", () => {
    expect(ansiSpans(`${esc}[38;5;31mtext`)).toEqual([{ text: "text", color: null, bold: false }]);
    expect(ansiSpans(`${esc}[38;2;31;32;33mtext`)).toEqual([{ text: "text", color: null, bold: false }]);
  });

  it("drops cursor moves, screen clears, titles and clipboard writes", () => {
    expect(plainText(`a${esc}[2Jb${esc}[10;5Hc`)).toBe("abc");
    expect(plainText(`a${esc}]0;title\u0007b`)).toBe("ab");
    expect(plainText(`a${esc}]52;c;ZXZpbA==${esc}\\b`)).toBe("ab");
    expect(plainText(`a${esc}]52;c;never ended`)).toBe("a");
  });

  it("shows what would reorder or hide text by its number", () => {
    expect(plainText("safe\u202etxt\u0008")).toBe("safe⟨U+202E⟩txt⟨U+0008⟩");
    expect(plainText("a\u00adb\u061cc\u{e0041}d")).toBe("a⟨U+00AD⟩b⟨U+061C⟩c⟨U+E0041⟩d");
    expect(plainText("⚠\ufe0f warning")).toBe("⚠\ufe0f warning");
  });

  it("shows the last state of a progress line", () => {
    expect(plainText("10%\r50%\r100%\r")).toBe("100%");
  });

  it("never lets an escape or control character through, whatever was written", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (line) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not remain
        expect(plainText(line)).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\p{Cf}\p{Bidi_Control}]/u);
      }),
    );
  });
});

describe("marking what was searched for", () => {
  it("marks every occurrence whatever its case", () => {
    expect(splitAtMatches("Error: error", "ERROR").map((piece) => piece.hit)).toEqual([true, false, true]);
  });

  it("loses no character", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, query) => {
        expect(
          splitAtMatches(text, query)
            .map((piece) => piece.text)
            .join(""),
        ).toBe(text);
      }),
    );
  });
});
