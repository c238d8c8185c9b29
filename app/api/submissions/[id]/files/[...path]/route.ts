import { Readable } from "node:stream";
import { z } from "zod";
import { attachment } from "#app/_server/attachment.ts";
import { fileBody } from "#app/_server/file-body.ts";
import { errorResponse } from "#app/_server/http-errors.ts";
import { findHandedIn } from "#app/_server/queries/submission/handed-in.ts";
import { route } from "#app/_server/route.ts";
import { imageTypeOf } from "#grading/submissions/archive/image-type.ts";

/**
 * One file of a submission: saved whatever it is; shown only as an image, and only when its first bytes are those of
 * one that browsers show without running anything. The answer's Content-Security-Policy lets it load and run nothing.
 */
export const GET = route(
  {
    permission: "submission.view",
    params: z.object({
      id: z.string(),
      path: z.array(z.string()),
      as: z.literal("image").optional(),
    }),
    subject: ({ id }) => ({ submission: id }),
  },
  async ({ request, actor, params, subject, services }) => {
    const path = params.path.join("/");
    const { stored } = await findHandedIn(services, actor, subject);
    const opened = stored && (await services.handedIn.open(actor.userId, stored, path));
    if (opened === null) return noFile();
    if (opened.outcome === "unreadable")
      return errorResponse({ status: 422, code: "archive-unreadable", message: opened.message });
    const name = path.split("/").at(-1) ?? path;
    const body = await withType(opened.stream, params.as === "image");
    if (body === null) return noFile();
    return new Response(fileBody(request, body.stream, opened.stream), {
      headers: {
        "Content-Type": body.type,
        "Content-Length": String(opened.bytes),
        "Content-Disposition": body.shown ? "inline" : attachment(name),
        "Cache-Control": "private, no-store, no-transform",
      },
    });
  },
);

const noFile = () =>
  errorResponse({ status: 404, code: "not-found", message: "There is nothing here that you may see." });

/** null: it was asked for as an image and is none. */
async function withType(stream: Readable, asImage: boolean) {
  if (!asImage) return { stream, type: "application/octet-stream", shown: false };
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await chunks.next();
  const type = first.done ? null : imageTypeOf(first.value);
  if (type === null) {
    stream.destroy();
    return null;
  }
  return { stream: Readable.from(again(first.value, chunks), { objectMode: false }), type, shown: true };
}

/** The stream from its beginning, of which a piece was taken already. */
async function* again(first: Buffer, rest: AsyncIterator<Buffer>) {
  try {
    yield first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
