import { Readable } from "node:stream";
import { z } from "zod";
import { attachment } from "#app/_server/attachment.ts";
import { errorResponse } from "#app/_server/http-errors.ts";
import { route } from "#app/_server/route.ts";

/** The exercise's starter files as one zip. */
export const GET = route(
  {
    permission: "exercise.view",
    params: z.object({ course: z.string(), assignment: z.string(), exercise: z.string() }),
    subject: (refs) => refs,
  },
  async ({ params, subject, services }) => {
    const version = await services.db.exerciseVersion.findFirst({
      where: { exerciseId: subject.exerciseId, current: true },
      select: { starterKey: true },
    });
    if (!version?.starterKey) {
      return errorResponse({
        status: 404,
        code: "no-starter",
        message: `The exercise ${params.exercise} has no starter files.`,
      });
    }
    const { stream, bytes } = await services.files.get(version.starterKey);
    return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, {
      headers: {
        "Content-Type": "application/zip",
        "Content-Length": String(bytes),
        "Content-Disposition": attachment(`${params.exercise}-starter.zip`),
        "Cache-Control": "private, no-store",
      },
    });
  },
);
