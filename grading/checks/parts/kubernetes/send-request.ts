import http from "node:http";

/** Kept of an answer's body; the rest is read and dropped. */
const keptBodyBytes = 64 * 1024;

/** Where requests go: a Service's cluster address or a node's port. */
export interface RequestTarget {
  host: string;
  port: number;
  path: string;
}

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** The first 64 KiB. */
  body: string;
}

/** Why a request had no answer; each is told apart because each has another cause in a cluster. */
export type LostReason =
  /** Nothing listens there, or the Service has no ready pod: the connection was refused. */
  | "refused"
  /** The connection was cut before the answer was whole: the program ended in the middle. */
  | "cut"
  /** No answer within the time limit: the program hangs, or its pod is gone and nobody says so. */
  | "timeout"
  /** There is no way to the address. */
  | "unreachable"
  /** Anything else, such as an answer that is not HTTP. */
  | "other";

export type RequestOutcome =
  | { outcome: "answered"; answer: Answer }
  /** detail: the system's own words. */
  | { outcome: "lost"; reason: LostReason; detail: string };

/** One GET on a connection of its own, never repeated. Throws the signal's reason when it is aborted. */
export async function sendRequest(
  target: RequestTarget,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<RequestOutcome> {
  signal.throwIfAborted();
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeoutMs);
  try {
    return { outcome: "answered", answer: await get(target, AbortSignal.any([signal, late.signal])) };
  } catch (error) {
    signal.throwIfAborted();
    if (late.signal.aborted)
      return { outcome: "lost", reason: "timeout", detail: `no answer within ${timeoutMs} ms` };
    return { outcome: "lost", ...lostReason(error as NodeJS.ErrnoException) };
  } finally {
    clearTimeout(timer);
  }
}

function lostReason(error: NodeJS.ErrnoException): { reason: LostReason; detail: string } {
  const detail = error.message;
  switch (error.code) {
    case "ECONNREFUSED":
      return { reason: "refused", detail };
    case "ECONNRESET":
    case "EPIPE":
    case "ECONNABORTED":
      return { reason: "cut", detail };
    case "ETIMEDOUT":
      return { reason: "timeout", detail };
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return { reason: "unreachable", detail };
    default:
      return { reason: "other", detail };
  }
}

function get({ host, port, path }: RequestTarget, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // No agent: a connection that is kept would stay with the pod that it once reached.
    const request = http.request({ host, port, path, signal, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let kept = 0;
      response.on("data", (chunk: Buffer) => {
        if (kept >= keptBodyBytes) return;
        chunks.push(chunk.subarray(0, keptBodyBytes - kept));
        kept += chunk.length;
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
    request.end();
  });
}
