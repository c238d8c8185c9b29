import { AppError } from "#course/errors.ts";
import type { IncomingFile } from "#grading/submissions/submission-types.ts";
import type { ArrivingBody } from "../body/arriving-body.ts";
import { openMultipart } from "./multipart.ts";

export interface Upload {
  idempotencyKey: string | null;
  files: AsyncIterable<IncomingFile>;
}

/**
 * What a request hands in: the files of a multipart form, whose field `idempotencyKey` comes before them, or the
 * body itself as one file called `name`. Nothing is read ahead of who asks for it.
 */
export async function openUpload(request: Request, body: ArrivingBody, name: string): Promise<Upload> {
  const key = keyFrom(request.headers.get("idempotency-key"));
  const contentType = request.headers.get("content-type") ?? "";
  if (!/^multipart\/form-data\b/i.test(contentType)) {
    const whole = { name, stream: body.stream };
    return { idempotencyKey: key, files: request.body === null ? none() : one(whole) };
  }
  const { fields, files } = await openMultipart(body.stream, contentType);
  return { idempotencyKey: key ?? keyFrom(fields.get("idempotencyKey")), files };
}

function keyFrom(text: string | null | undefined): string | null {
  const key = text?.trim();
  if (!key) return null;
  if (/^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new AppError({
    code: "bad-request",
    userMessage:
      "An Idempotency-Key is at most 200 letters, digits and signs without spaces, such as a UUID.",
  });
}

async function* one(file: IncomingFile): AsyncGenerator<IncomingFile> {
  yield file;
}
async function* none(): AsyncGenerator<IncomingFile> {}
