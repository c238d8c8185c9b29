import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exerciseSpec } from "../../exercises/spec/spec.ts";
import type { CheckOutcome } from "../../protocol/messages.ts";
import { storable } from "../storable.ts";
import { scoreRun } from "./score-run.ts";
import { verifyResult } from "./verify-result.ts";

const spec = exerciseSpec.parse({
  slug: "docker-containers",
  title: "Docker containers",
  checks: [
    { id: "files", kind: "files/required", title: "Files", points: 5, timeoutSeconds: 10 },
    { id: "build", kind: "docker/build", title: "Build", points: 0.1, timeoutSeconds: 10 },
    { id: "run", kind: "docker/run", title: "Run", points: 0.2, timeoutSeconds: 10 },
  ],
});
const reported = (change: Record<string, Partial<CheckOutcome>> = {}): CheckOutcome[] =>
  spec.checks.map((check) => ({
    id: check.id,
    kind: check.kind,
    title: check.title,
    verdict: "passed",
    fault: null,
    points: check.points,
    maxPoints: check.points,
    message: { expected: "", happened: "", fix: "" },
    staffOutput: "",
    startedAt: null,
    durationMs: 1,
    ...change[check.id],
  }));
const verify = (change: Record<string, Partial<CheckOutcome>>) => verifyResult(spec, reported(change));

describe("a machine's result", () => {
  test("is taken in the order of the exercise, whatever the order it came in", () => {
    const result = verifyResult(spec, reported().reverse());
    expect(result.outcome === "ok" && result.checks.map((check) => check.id)).toEqual([
      "files",
      "build",
      "run",
    ]);
  });

  test.each([
    ["more points than the check has", { files: { points: 6 } }],
    ["more to be had than the exercise gives", { files: { maxPoints: 50, points: 50 } }],
    ["negative points", { files: { points: -1, verdict: "failed", fault: "student" } }],
    ["points that are no number", { files: { points: Number.NaN } }],
    ["a pass with part of the points", { files: { points: 1 } }],
    ["a pass with a fault", { files: { fault: "student" } }],
    ["a failure by the platform", { files: { verdict: "failed", fault: "platform", points: 0 } }],
    ["points for what was not graded", { files: { verdict: "not_graded", fault: "platform" } }],
    ["a check of another kind", { files: { kind: "shell/run" } }],
    ["a check that the exercise has not", { files: { id: "bonus" } }],
    ["one check twice", { files: { id: "build", kind: "docker/build", points: 0.1, maxPoints: 0.1 } }],
  ] satisfies [string, Record<string, Partial<CheckOutcome>>][])("is refused with %s", (_, change) => {
    expect(verify(change).outcome).toBe("refused");
  });

  test("is refused when a check is missing", () => {
    expect(verifyResult(spec, reported().slice(1))).toEqual({
      outcome: "refused",
      why: "The check files is missing.",
    });
  });

  test("cannot rename a check or flood the staff's page", () => {
    const result = verify({ files: { title: "Free points", staffOutput: "x".repeat(1_000_000) } });
    if (result.outcome !== "ok") throw new Error(result.why);
    expect(result.checks[0]?.title).toBe("Files");
    expect(result.checks[0]?.staffOutput.length).toBeLessThan(100_000);
  });

  test("is refused when its timelines together are longer than any exercise can last", () => {
    const sample = { atMs: 0, desired: 1, pods: 1, ready: 1, endpoints: 1, answered: 1, failed: 0 };
    const mark = { atMs: 0, kind: "event" as const, text: "x" };
    const long = (samples: number, marks: number) => ({
      durationMs: 1,
      samples: Array<typeof sample>(samples).fill(sample),
      marks: Array<typeof mark>(marks).fill(mark),
    });
    const of = (first: [number, number], second: [number, number]) =>
      verify({ files: { timeline: long(...first) }, build: { timeline: long(...second) } });
    expect(of([30_000, 5000], [10_000, 3000]).outcome).toBe("ok");
    expect(of([30_000, 0], [10_001, 0])).toEqual({
      outcome: "refused",
      why: "The timelines hold 40001 samples, not at most 40000.",
    });
    expect(of([0, 5000], [0, 3001])).toMatchObject({ why: expect.stringContaining("8001 marks") });
  });
});

describe("a score", () => {
  test("is the exact sum of the points", () => {
    expect(scoreRun(reported())).toEqual({ outcome: "graded", score: 5.3, maxScore: 5.3 });
  });

  test("lies between nothing and everything", () => {
    const checks = fc.array(
      fc
        .tuple(fc.integer({ min: 0, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
        .map(([max, share]) => ({
          title: "Check",
          verdict: "failed" as const,
          fault: "student" as const,
          points: Math.floor(max * share) / 100,
          maxPoints: max / 100,
        })),
    );
    fc.assert(
      fc.property(checks, (list) => {
        const score = scoreRun(list);
        if (score.outcome !== "graded") throw new Error("All checks are graded.");
        expect(score.score).toBeGreaterThanOrEqual(0);
        expect(score.score).toBeLessThanOrEqual(score.maxScore);
        expect(Math.round(score.score * 100) / 100).toBe(score.score);
      }),
    );
  });

  test("is not given when the platform or the exercise failed a check", () => {
    const ungraded = (fault: "exercise" | "platform") =>
      ({ verdict: "not_graded", fault, points: 0 }) as const;
    expect(scoreRun(reported({ run: ungraded("exercise") })).outcome).toBe("exercise-fault");
    expect(scoreRun(reported({ run: ungraded("exercise"), build: ungraded("platform") })).outcome).toBe(
      "platform-fault",
    );
  });
});

test("any text becomes storable and keeps what can be kept", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), (raw, nice) => {
      const { list } = storable({ list: [raw, nice, 1, null, true] });
      expect(list[0]).not.toMatch(/\0|\p{Surrogate}/u);
      expect(list.slice(1)).toEqual([nice.replaceAll("\0", "\uFFFD"), 1, null, true]);
    }),
  );
  expect(storable("a\ud800b\0c\u{1F600}")).toBe("a\ufffdb\ufffdc\u{1F600}");
});
