import { beforeAll, describe, expect, it } from "vitest";
import type { KubernetesSettings } from "#grading/machine/facilities/catalogue.ts";
import type { CheckOutcome } from "#grading/protocol/messages.ts";
import { check, gradeChecks } from "./grade-checks.ts";

/** A check, what it must say of what was handed in, and how. */
export interface Case {
  /** Without kubernetes/. */
  kind: string;
  with: object;
  verdict: "passed" | "failed";
  /** Of all that the student reads: what is expected, what happened and what to do, each from a line of its own. */
  says: RegExp;
}

/** Grades all cases in one real cluster, in their order, and makes a test of each. */
export function judgeCases(
  cases: Readonly<Record<string, Case>>,
  options: { cluster?: Partial<KubernetesSettings>; files: Readonly<Record<string, string>> },
): void {
  const numbered = Object.entries(cases).map(([name, each], index) => ({
    ...each,
    name,
    id: `case-${index}`,
  }));
  let outcomes: Map<string, CheckOutcome>;

  describe("a real cluster", () => {
    beforeAll(async () => {
      const checks = numbered.map((each) => check(each.kind, each.id, each.with));
      outcomes = await gradeChecks({ ...options, checks });
    }, 600_000);

    it.each(numbered)("says “$verdict” of: $name", ({ id, verdict, says }) => {
      const outcome = outcomes.get(id);
      const { expected, happened, fix } = outcome?.message ?? { expected: "", happened: "", fix: "" };
      expect(`${expected}\n${happened}\n${fix}`).toMatch(says);
      expect(outcome).toMatchObject({ verdict, fault: verdict === "failed" ? "student" : null });
    });
  });
}
