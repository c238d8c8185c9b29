import type { IncomingMessage, ServerResponse } from "node:http";
import { sizeInWords } from "#grading/submissions/refusals/size-in-words.ts";
import { maxBodyBytes } from "../body/bounded-request.ts";

interface Refusal {
  status: number;
  code: string;
  message: string;
  /** Seconds. */
  retryAfter?: number;
}

export const refusals = {
  busy: {
    status: 503,
    code: "too-busy",
    message:
      "Too many requests are being answered at the moment, so this one was not looked at. Wait a few seconds, then load the page again.",
    retryAfter: 5,
  },
  tooManyUploads: {
    status: 503,
    code: "too-busy",
    message:
      "Too many uploads are under way at the moment, so nothing of this one was taken. Wait a few seconds, then upload it again.",
    retryAfter: 5,
  },
  tooLarge: {
    status: 413,
    code: "body-too-large",
    message: `The request's body is larger than ${sizeInWords(maxBodyBytes)}, the most that is taken here: send less. Only an upload of work may be larger.`,
  },
  tooSlow: {
    status: 408,
    code: "body-too-slow",
    message: "Not all of the request had come after 30 seconds: send it again.",
  },
} satisfies Record<string, Refusal>;

/** Answers by the front door itself, with the sentence alone for a browser. */
export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { status, code, message, retryAfter } = refusal;
  const asText = request.headers.accept?.includes("text/html") ?? false;
  const body = asText ? `${message}\n` : JSON.stringify({ error: { code, message } });
  response.writeHead(status, {
    "Content-Type": asText ? "text/plain; charset=utf-8" : "application/json",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...(retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) }),
  });
  response.end(body);
  discardRest(request);
}

/** A sender reads an answer only after all is sent, and loses it with a connection that is closed before. */
const discardBytes = 64 * 1024 * 1024;
const discardMs = 10_000;

export function discardRest(request: IncomingMessage): void {
  if (request.complete) {
    request.resume();
    return;
  }
  let left = discardBytes;
  const cut = () => request.destroy();
  const timer = setTimeout(cut, discardMs);
  request.on("data", (chunk: Buffer) => {
    left -= chunk.length;
    if (left <= 0) cut();
  });
  request.once("close", () => clearTimeout(timer));
  request.once("end", () => clearTimeout(timer));
}
