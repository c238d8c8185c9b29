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

/** One closing line that sums what vitest counted; a file that could not be loaded counts as one failure. */
export function summarize(json: unknown): { line: string; skipped: string[] } {
  const counted = report.parse(json);
  const broken = counted.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  const failed = counted.numFailedTests + broken.length;
  const skipped = counted.testResults.flatMap((file) =>
    file.assertionResults
      .filter((test) => ["pending", "skipped", "todo"].includes(test.status))
      .map((test) => test.fullName),
  );
  return { line: `${counted.numPassedTests} passed, ${failed} failed, ${skipped.length} skipped`, skipped };
}
