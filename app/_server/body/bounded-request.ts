import { AppError } from "#course/errors.ts";
import { sizeInWords } from "#grading/submissions/refusals/size-in-words.ts";
import type { ArrivingBody } from "./arriving-body.ts";

/** Of every request but an upload: forms, passwords and reasons are far smaller. */
export const maxBodyBytes = 64 * 1024;

/**
 * The same request with its whole body in memory, at most maxBodyBytes of it, counted as they arrive: a sender may
 * state no length, or a wrong one. Throws AppError body-too-large.
 */
export async function boundedRequest(request: Request, body: ArrivingBody): Promise<Request> {
  if (request.body === null) return request;
  // Refused by its own word, before any of it is read.
  if (Number(request.headers.get("content-length") ?? 0) > maxBodyBytes) throw tooLarge();
  const bytes = await readAll(body);
  const { method, headers, signal } = request;
  return new Request(request.url, { method, headers, signal, body: bytes.length > 0 ? bytes : null });
}

async function readAll(body: ArrivingBody): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body.stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBodyBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError({
      code: "bad-request",
      userMessage: "The request broke off before all of it had arrived: send it again.",
      cause,
    });
  }
  return Buffer.concat(chunks);
}

function tooLarge(): AppError {
  return new AppError({
    code: "body-too-large",
    userMessage: `The request's body is larger than ${sizeInWords(maxBodyBytes)}, the most that is taken here: send less. Only an upload of work may be larger.`,
  });
}
