import http from "node:http";

export interface HttpQuestion {
  host: string;
  port: number;
  path: string;
  /** GET when left out. */
  method?: string;
  headers?: Record<string, string>;
  body?: string | undefined;
}

export interface HttpAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** What is kept of an answer's body. Beyond it the rest is read and dropped, or the answer is refused with that error. */
export interface BodyLimit {
  bytes: number;
  refuse?: string;
}

/**
 * One request on a connection of its own, never repeated, and its whole answer. Rejects with the system's error, with an
 * error that says the limit's refusal, or with an AbortError.
 */
export function askHttp(
  { body, ...target }: HttpQuestion,
  limit: BodyLimit,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    // No agent: a connection that is kept would stay with the pod or container that it once reached.
    const request = http.request({ ...target, signal, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        const room = limit.bytes - bytes;
        bytes += chunk.length;
        if (room > 0) chunks.push(chunk.subarray(0, room));
        if (bytes <= limit.bytes || limit.refuse === undefined) return;
        // Before the request is ended: its end may have come with this very piece.
        reject(new Error(limit.refuse));
        request.destroy();
      });
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}
