import { expect, test } from "vitest";
import { compareAdvice } from "./compare-advice.ts";

const check = (verdict: "passed" | "failed", happened: string, fix: string) => ({
  id: "update",
  verdict,
  message: { expected: "", happened, fix },
});

test("words are found in what happened or in the fix, whatever their case and line breaks", () => {
  const checks = [check("failed", "No pod was ready.", "Set strategy.rollingUpdate.maxUnavailable\nto 0.")];
  for (const words of ["MAXUNAVAILABLE to 0", "no pod was", "ready"])
    expect(compareAdvice({ advice: { update: words } }, checks)).toEqual([]);
});

test("another advice is told with check, words and what it said", () => {
  const checks = [check("failed", "They failed.", "Let the program stop.")];
  expect(compareAdvice({ advice: { update: "maxUnavailable" } }, checks)).toEqual([
    "update is to advise “maxUnavailable” and said: They failed. Let the program stop.",
  ]);
});

test("a check that passed, or that is not there, is not told twice", () => {
  expect(compareAdvice({ advice: { update: "x", other: "y" } }, [check("passed", "", "")])).toEqual([]);
});
