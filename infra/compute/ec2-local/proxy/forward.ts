import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { isPage, unsupported } from "../moto/moto-api.ts";
import { printFailure } from "./api-failure.ts";
import type { ApiRequest } from "./read-request.ts";

export interface ForwardedAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** Calls of these services are small; those of S3 are streamed through. */
export function isStreamed(call: ApiRequest): boolean {
  return call.service === "s3" || call.service === "";
}

/** Asks moto the same with the same Host, since addresses in its answers are made of it. */
export async function forward(
  motoUrl: string,
  incoming: IncomingMessage,
  call: ApiRequest,
): Promise<ForwardedAnswer> {
  const answer = await ask(motoUrl, incoming, call.body);
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const text = body.toString("utf8");
  if (answer.statusCode === 500 && isPage(answer.headers["content-type"], text)) {
    const failure = printFailure(unsupported(call.action, text), call.format);
    return { ...failure, body: Buffer.from(failure.body) };
  }
  return { status: answer.statusCode ?? 502, headers: endToEnd(answer), body };
}

export async function forwardStreamed(
  motoUrl: string,
  incoming: IncomingMessage,
  call: ApiRequest,
  response: ServerResponse,
): Promise<void> {
  const answer = await ask(motoUrl, incoming, call.body);
  response.writeHead(answer.statusCode ?? 502, endToEnd(answer));
  await pipeline(answer, response);
}

async function ask(
  motoUrl: string,
  incoming: IncomingMessage,
  body: Buffer | null,
): Promise<IncomingMessage> {
  const { connection: _connection, ...headers } = incoming.headers;
  const outgoing = httpRequest(new URL(incoming.url ?? "/", motoUrl), { method: incoming.method, headers });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once("response", resolve);
    outgoing.once("error", reject);
  });
  if (body) outgoing.end(body);
  else await Promise.race([pipeline(incoming, outgoing), answered]);
  return answered;
}

function endToEnd(answer: IncomingMessage): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(answer.headers).filter(
      (entry): entry is [string, string | string[]] =>
        entry[1] !== undefined && !["connection", "transfer-encoding", "keep-alive"].includes(entry[0]),
    ),
  );
}
