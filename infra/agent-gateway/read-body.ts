import type { IncomingMessage } from "node:http";
import { JsonBudget, type JsonLimits } from "./json-budget.ts";

/** A call that breaks the protocol, whoever made it. */
export class BadCall extends Error {
  override readonly name = "BadCall";
  constructor(
    readonly status: 400 | 413 | 429,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The body as JSON; null for calls without one. Nothing beyond maxBytes is kept, nor more than the limits parsed. */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
  limits: JsonLimits,
): Promise<unknown> {
  if (maxBytes === 0) return null;
  const tooLarge = () => new BadCall(413, "body-too-large", `The body is larger than ${maxBytes} bytes.`);
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge();
  const budget = new JsonBudget(limits);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge();
    if (!budget.take(chunk))
      throw new BadCall(413, "body-too-complex", "The body holds more values than any call has.");
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new BadCall(400, "not-json", "The body is not JSON.");
  }
}
