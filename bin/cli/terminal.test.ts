import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatEvent } from "./live-log.ts";
import { formatPoints, formatTable } from "./table.ts";
import { type Output, paint, printable } from "./terminal.ts";

const plain: Output = { write: () => {}, colour: false };
const coloured: Output = { ...plain, colour: true };

describe("what a student's program wrote", () => {
  it("reaches the terminal without any control character, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      }),
    );
  });

  it("stays as it is when it is plain text of any language", () => {
    expect(printable("größe 大きさ ✓ 100 %")).toBe("größe 大きさ ✓ 100 %");
  });

  it.each([
    ["colours", "\u001b[31mred\u001b[0m", "red"],
    ["titles of the window", "\u001b]0;owned\u0007ok", "ok"],
    ["carriage returns that write over a verdict", "failed\rpassed", "failed\\x0dpassed"],
    ["text that runs backwards", "abc\u202edef", "abc\\x202edef"],
  ])("loses %s", (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it("cannot colour the live log", () => {
    expect(formatEvent(plain, { type: "log", check: null, line: "\u001b[2Jgone" })).toBe("    gone");
  });
});

describe("the live log", () => {
  it("says a verdict by sign and word, not by colour alone", () => {
    const event = {
      type: "check-finished",
      check: "build",
      title: "It builds",
      verdict: "failed",
      points: 2.5,
      maxPoints: 10,
      durationMs: 1234,
    } as const;
    expect(formatEvent(plain, event)).toBe("✗ failed It builds 2.5/10 1.2 s");
  });
});

describe("a table", () => {
  it("is as wide as its widest cells, and colour does not move its columns", () => {
    const columns = [{ title: "name" }, { title: "points", align: "right" as const }];
    const rows = [["a long name", { text: "7", style: "green" as const }]];
    expect(formatTable(plain, columns, rows)).toEqual(["name         points", "a long name       7"]);
    const visible = formatTable(coloured, columns, rows).map(printable);
    expect(visible).toEqual(formatTable(plain, columns, rows));
  });
});

it("colours nothing where colour is off", () => {
  expect(paint(plain, "red", "x")).toBe("x");
  expect(paint(coloured, "red", "x")).toBe("\u001b[31mx\u001b[0m");
});

it("shows points without a float's tail", () => {
  expect(formatPoints(0.1 + 0.2)).toBe("0.3");
});
