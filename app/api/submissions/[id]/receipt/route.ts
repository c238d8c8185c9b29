import { z } from "zod";
import { route } from "#app/_server/route.ts";

/** The signed receipt as a file that `drydock receipt verify` checks. */
export const GET = route(
  {
    permission: "submission.view",
    params: z.object({ id: z.string() }),
    subject: ({ id }) => ({ submission: id }),
  },
  async ({ subject, services }) => {
    const { receiptJws } = await services.db.submission.findUniqueOrThrow({
      where: { id: subject.submissionId },
      select: { receiptJws: true },
    });
    return new Response(`${receiptJws}\n`, {
      headers: {
        "Content-Type": "application/jose",
        "Content-Disposition": `attachment; filename="receipt-${subject.submissionId}.jws"`,
        "Cache-Control": "private, no-store",
      },
    });
  },
);
