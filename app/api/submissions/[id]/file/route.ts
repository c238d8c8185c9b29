import { z } from "zod";
import { attachment } from "#app/_server/attachment.ts";
import { fileBody } from "#app/_server/file-body.ts";
import { route } from "#app/_server/route.ts";

/** The bytes as they were handed in: hostile, so they are only ever saved. */
export const GET = route(
  {
    permission: "submission.view",
    params: z.object({ id: z.string() }),
    subject: ({ id }) => ({ submission: id }),
  },
  async ({ request, subject, services }) => {
    const { storageKey, fileName } = await services.db.submission.findUniqueOrThrow({
      where: { id: subject.submissionId },
      select: { storageKey: true, fileName: true },
    });
    const { stream, bytes } = await services.files.get(storageKey);
    return new Response(fileBody(request, stream), {
      headers: {
        "Content-Type": "application/octet-stream",
        "Content-Length": String(bytes),
        "Content-Disposition": attachment(fileName),
        "Cache-Control": "private, no-store, no-transform",
      },
    });
  },
);
