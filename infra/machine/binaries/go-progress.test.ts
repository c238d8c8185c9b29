import { describe, expect, it } from "vitest";
import { readGoProgress } from "./go-progress.ts";

const play = (lines: string[]) => {
  const read = readGoProgress();
  return lines.map(read);
};
const packages = (count: number) => Array.from({ length: count }, (_, i) => `k8s.io/kubernetes/pkg/p${i}`);

describe("the progress of a build from Go modules", () => {
  it("goes from fetching to linking and never back", () => {
    const steps = play([
      ...Array.from({ length: 400 }, (_, i) => `go: downloading example.org/m${i} v1.0.0`),
      "##drydock packages 50",
      ...packages(50),
    ]);
    expect(steps[0]?.step).toBe("downloading");
    expect(steps.at(-1)?.step).toBe("linking");
    const fractions = steps.map((step) => step?.fraction ?? Number.NaN);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBeLessThan(1);
  });

  it("begins with compiling where all sources are there already", () => {
    expect(play(["##drydock packages 2", "time"])).toMatchObject([
      { step: "compiling" },
      { step: "compiling" },
    ]);
  });

  it("is not moved by warnings or by what comes before the number of packages", () => {
    expect(play(["time", "##drydock packages 10", "go: warning: ignoring go.work"])).toMatchObject([
      null,
      { step: "compiling" },
      null,
    ]);
  });

  it("ends where the packages end, though Go names more", () => {
    const [last, more] = play(["##drydock packages 3", ...packages(5)]).slice(-2);
    expect(more).toEqual(last);
  });
});
