import { z } from "zod";

/** The part of vitest's JSON report that is counted here. */
const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number().default(0),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(""),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/** One closing line that sums what runs of vitest counted; a file that could not be loaded counts as one failure. */
export function summarize(runs: readonly unknown[]): { line: string; skipped: string[] } {
  const counted = runs.map((json) => report.parse(json));
  const sum = (count: (run: z.output<typeof report>) => number) =>
    counted.reduce((total, run) => total + count(run), 0);
  const files = counted.flatMap(({ testResults }) => testResults);
  const broken = files.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  const failed = sum((run) => run.numFailedTests) + broken.length;
  const skipped = files.flatMap((file) =>
    file.assertionResults
      .filter((test) => ["pending", "skipped", "todo"].includes(test.status))
      .map((test) => test.fullName),
  );
  return {
    line: `${sum((run) => run.numPassedTests)} passed, ${failed} failed, ${skipped.length} skipped`,
    skipped,
  };
}
