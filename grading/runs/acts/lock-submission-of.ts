import type { ActSubmission, ActTransaction } from "./act-transaction.ts";

/** The submission of a run, read under its lock, and its student's where wanted; null when there is no such run. */
export async function lockSubmissionOf(
  tx: ActTransaction,
  runId: string,
  ofStudent = false,
): Promise<ActSubmission | null> {
  const found = await tx.findSubmissionOf(runId);
  if (found === null) return null;
  // The bound of what waits is counted over all that the student has handed in.
  if (ofStudent) await tx.lockStudent(found.userId);
  await tx.lockSubmission(found.submissionId);
  return tx.readSubmission(found.submissionId);
}
