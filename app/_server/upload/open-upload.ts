import { AppError } from "#course/errors.ts";
import { SentTooSlowly } from "#grading/submissions/sending-pace.ts";
import type { IncomingFile } from "#grading/submissions/submission-types.ts";
import type { ArrivingBody } from "../body/arriving-body.ts";
import { openMultipart } from "./multipart.ts";

export interface Upload {
  idempotencyKey: string | null;
  files: AsyncIterable<IncomingFile>;
}

/** In which the first file of an upload must have begun. */
const firstFileMs = 30_000;

/**
 * What a request hands in and when it began to arrive. Waits for its first file for half a minute: `files` fails with
 * SentTooSlowly after that.
 */
export async function beginUpload(
  request: Request,
  body: ArrivingBody,
  name: string,
): Promise<Upload & { firstByteAt: Date }> {
  const tooSlow = () => body.giveUp(new SentTooSlowly("No file of the upload began in time."));
  const timer = setTimeout(tooSlow, firstFileMs);
  try {
    return { ...(await openUpload(request, body, name)), firstByteAt: await body.firstByteAt };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * What a request hands in: the files of a multipart form, whose field `idempotencyKey` comes before them, or the
 * body itself as one file called `name`. Nothing is read ahead of who asks for it.
 */
async function openUpload(request: Request, body: ArrivingBody, name: string): Promise<Upload> {
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
