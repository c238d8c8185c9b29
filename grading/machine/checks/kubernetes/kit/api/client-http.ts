import http from "node:http";
import https from "node:https";
import { type RequestContext, ResponseContext, wrapHttpLibrary } from "@kubernetes/client-node";

/**
 * How the typed clients send their requests. The library's own way, node-fetch 2, takes a chunked answer (any object
 * above 2 KB) on a connection that is kept for one that was cut short, and fails with “Premature close”.
 */
export const clientHttp = wrapHttpLibrary({ send });

async function send(request: RequestContext): Promise<ResponseContext> {
  const signal = request.getSignal();
  const body = request.getBody();
  if (body !== undefined && typeof body !== "string") throw new Error("Only JSON is sent to an API server.");
  const url = new URL(request.getUrl());
  const open = url.protocol === "http:" ? http.request : https.request;
  try {
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const length = body === undefined ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
      const options = {
        method: String(request.getHttpMethod()),
        agent: request.getAgent(),
        signal,
        headers: { ...request.getHeaders(), ...length },
      };
      open(url, options, resolve).once("error", reject).end(body);
    });
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    return new ResponseContext(response.statusCode ?? 0, plainHeaders(response), {
      text: async () => bytes.toString("utf8"),
      binary: async () => bytes,
    });
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  }
}

function plainHeaders({ headers }: http.IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value ?? []].flat().join(", ")]),
  );
}
