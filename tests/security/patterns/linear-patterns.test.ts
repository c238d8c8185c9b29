import { checkSync } from "recheck";
import { expect, it } from "vitest";
import { builtRegexes, regexLiterals } from "#tests/support/regex-literals.ts";

/** Where text of students' is met; infra/machine reads this computer's own files. */
const folders = ["app", "bin", "course", "grading", "infra/auth", "infra/storage", "infra/telemetry"];

it("every regular expression is proven to take time in proportion to the text", {
  timeout: 600_000,
}, async () => {
  const literals = await regexLiterals(folders);
  expect(literals.length).toBeGreaterThan(100);
  const verdicts = new Map<string, string>();
  for (const { source, flags } of literals) {
    const written = `/${source}/${flags}`;
    if (!verdicts.has(written)) verdicts.set(written, verdictOf(source, flags));
  }
  const bad = literals
    .map(({ place, source, flags }) => ({ place, written: `/${source}/${flags}` }))
    .filter(({ written }) => verdicts.get(written) !== "linear");
  // Write a bad one for re2js, as re`…`, or so that no part of the text can be matched in two ways.
  expect(bad.map(({ place, written }) => `${place} ${written} ${verdicts.get(written)}`)).toEqual([]);
});

it("the proof sees a pattern that is not linear", () => {
  expect(verdictOf("^(a+)+$", "")).toBe("exponential");
  expect(verdictOf("\\s+$", "")).toBe("polynomial");
});

it("regular expressions are put together of Drydock's own words, or of text taken by the letter", async () => {
  expect((await builtRegexes(folders)).sort()).toEqual([
    // Another pattern, which is proven where it is written.
    "app/_ui/files/visible-text.ts",
    // What a reader looks for, each sign escaped: a text has no repetition that could take long.
    "app/_ui/run/log/log-search.ts",
    // A counter's name.
    "grading/machine/checks/kit/container/cgroup.ts",
    // Only asks whether JavaScript takes the pattern, and matches nothing.
    "grading/machine/checks/kit/settings/author-pattern.ts",
    // A kind of probe.
    "grading/machine/checks/kubernetes/kit/pods/explain-container.ts",
    "grading/machine/checks/kubernetes/kit/pods/explain-pod.ts",
    // A binary's name.
    "grading/machine/facilities/kubernetes/preflight.ts",
  ]);
});

/** "linear", how it grows, or why there is no proof. */
function verdictOf(source: string, flags: string): string {
  const diagnostics = checkSync(source, flags, { checker: "automaton", timeout: 60_000 });
  if (diagnostics.status === "safe") return "linear";
  return diagnostics.status === "vulnerable" ? diagnostics.complexity.type : diagnostics.error.kind;
}
