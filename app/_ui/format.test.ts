import { describe, expect, it } from "vitest";
import {
  checksPoints,
  formatBytes,
  formatPoints,
  formatSeconds,
  formatSpan,
  formatUsd,
  plural,
  worthText,
} from "./format.ts";

describe("numbers as people read them", () => {
  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1536, "1.5 KB"],
    [20 * 1024 * 1024, "20 MB"],
    [3 * 1024 ** 3, "3 GB"],
  ])("%d bytes read %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [0, "0 s"],
    [4.24, "4.2 s"],
    [59.6, "1 min 0 s"],
    [200, "3 min 20 s"],
    [7500, "2 h 5 min"],
    [273_600, "3 d 4 h"],
    [-5, "0 s"],
  ])("%d seconds read %s", (seconds, text) => expect(formatSeconds(seconds)).toBe(text));

  it.each([
    [0, "0 s"],
    [90, "1 min 30 s"],
    [900, "15 min"],
    [7200, "2 h"],
    [172_800, "2 d"],
  ])("a span of %d seconds reads %s", (seconds, text) => expect(formatSpan(seconds)).toBe(text));

  it("keeps the digits that matter of points and dollars", () => {
    expect(formatPoints(10)).toBe("10");
    expect(formatPoints(3.333333)).toBe("3.33");
    expect(formatUsd(0.00134)).toBe("$0.0013");
    expect(formatUsd(0)).toBe("$0.00");
    expect(formatUsd(1.239)).toBe("$1.24");
  });

  it("says points of the course and points of checks by different words", () => {
    expect(worthText({ points: 17.2, of: 20 })).toBe("17.2\u00a0of\u00a020");
    expect(worthText({ points: null, of: 20 })).toBe("–");
    expect(checksPoints({ score: 86, maxScore: 100 })).toBe("86\u00a0of\u00a0100 checks' points");
    expect(checksPoints({ score: 86, maxScore: null })).toBe("86\u00a0checks' points");
  });

  it("counts one and many", () => {
    expect(plural(1, "run")).toBe("1 run");
    expect(plural(0, "entry", "entries")).toBe("0 entries");
  });
});
