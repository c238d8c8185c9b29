import { askHttp, type HttpAnswer } from "../../../kit/http/ask-http.ts";

/** Hundreds of answers are compared: the rest of a long body is read and dropped. */
const keptBody = { bytes: 64 * 1024 };

/** Where requests go: a Service's cluster address or a node's port. */
export interface RequestTarget {
  host: string;
  port: number;
  path: string;
}

/** With the first 64 KiB of the body. */
export type Answer = HttpAnswer;

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

/** As the end of a line. */
export const outcomeInWords = (sent: RequestOutcome) =>
  sent.outcome === "lost"
    ? `no whole answer: ${sent.detail}`
    : `status ${sent.answer.status}, ${sent.answer.body.length} characters`;

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
    const answer = await askHttp(target, keptBody, AbortSignal.any([signal, late.signal]));
    return { outcome: "answered", answer };
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
