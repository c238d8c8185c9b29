import type { Prisma, Submission } from "#infra/db/generated/client.ts";
import type { ReceiptView } from "../run/run-view.ts";

export const receiptFields = {
  id: true,
  number: true,
  fileName: true,
  bytes: true,
  sha256: true,
  receivedAt: true,
  dueAt: true,
  late: true,
  receiptJws: true,
} satisfies Prisma.SubmissionSelect;

export function receiptView(submission: Pick<Submission, keyof typeof receiptFields>): ReceiptView {
  return {
    submissionId: submission.id,
    number: submission.number,
    fileName: submission.fileName,
    bytes: Number(submission.bytes),
    sha256: submission.sha256,
    receivedAt: submission.receivedAt.toISOString(),
    dueAt: submission.dueAt?.toISOString() ?? null,
    late: submission.late,
    jws: submission.receiptJws,
  };
}
