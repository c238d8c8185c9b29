import http from "node:http";
import https from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { ApiRefused } from "./api-error.ts";
import { connectionOf } from "./connection.ts";

export interface ApiRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Such as /apis/apps/v1/namespaces/student/deployments. */
  path: string;
  query?: Record<string, string | undefined>;
  /** Sent as JSON exactly as it is, unknown fields too: the typed clients would drop those silently. */
  body?: unknown;
  contentType?: string;
  accept?: string;
}

export interface ApiAnswer<Body> {
  /** HTTP status: 201 when an object was made. */
  code: number;
  body: Body;
  /** What the server warned about, such as a deprecated version. */
  warnings: string[];
}

/** A request to the API server. Throws ApiRefused when it is refused, the signal's reason when it is aborted. */
export async function requestApi<Body>(
  config: KubeConfig,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<ApiAnswer<Body>> {
  const response = await openApi(config, request, signal);
  const body = JSON.parse(await textOf(response, signal)) as Body;
  return { code: response.statusCode ?? 0, body, warnings: warningsOf(response) };
}

/** Like requestApi, for answers that go on: a watch. Reading it rejects when the signal is aborted. */
export async function openApi(
  config: KubeConfig,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<http.IncomingMessage> {
  signal.throwIfAborted();
  const { server, headers, agent } = await connectionOf(config);
  const url = new URL(server.pathname.replace(/\/$/, "") + request.path, server);
  for (const [name, value] of Object.entries(request.query ?? {}))
    if (value !== undefined) url.searchParams.set(name, value);
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const send = url.protocol === "http:" ? http.request : https.request;
    const sent = send(
      url,
      {
        method: request.method,
        agent,
        signal,
        headers: {
          ...headers,
          Accept: request.accept ?? "application/json",
          ...(body === undefined
            ? {}
            : {
                "Content-Type": request.contentType ?? "application/json",
                "Content-Length": Buffer.byteLength(body),
              }),
        },
      },
      resolve,
    );
    sent.once("error", (error) => reject(signal.aborted ? signal.reason : error));
    sent.end(body);
  });
  const code = response.statusCode ?? 0;
  if (code >= 200 && code < 300) return response;
  throw new ApiRefused(`${request.method} ${request.path}`, code, await textOf(response, signal));
}

async function textOf(response: http.IncomingMessage, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Header lines such as `299 - "spec.x is deprecated"`, several joined by commas. */
function warningsOf(response: http.IncomingMessage): string[] {
  const header = response.headers.warning ?? "";
  return [...header.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) =>
    (match[1] ?? "").replace(/\\(.)/g, "$1"),
  );
}
