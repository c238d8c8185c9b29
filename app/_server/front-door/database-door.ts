import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { databaseAwayCode, readsOnly } from "#app/_server/http-errors.ts";
import type { Monotonic } from "#course/clock.ts";
import {
  type AwayEnd,
  databaseAwaySentence,
  databaseRetrySeconds,
} from "#infra/db/connection/database-away.ts";
import type { DatabaseWatch } from "#infra/db/connection/watch-database.ts";
import { awayPage } from "./away-page.ts";
import { holdFailure } from "./failures/hold-failure.ts";
import { discardRest } from "./refuse.ts";

/** What is answered without the database: files of the build, what was signed, and how this server does. */
const without = /^\/(?:_next\/static\/|icon\.svg$|favicon\.ico$|\.well-known\/|schemas\/|api\/health$)/;

/**
 * While the database does not answer, neither Next nor a handler is asked: a page that has begun to stream could not
 * say 503 any more, and an upload's bytes would be stored for nothing. Everybody gets 503 with when to come back:
 * browsers a page that comes back by itself, programs JSON. So does a page that was under way and failed of it.
 */
export function databaseDoor(
  next: RequestListener,
  watch: Pick<DatabaseWatch, "answers" | "wasAway">,
  monotonic: Monotonic,
): RequestListener {
  return (request, response) => {
    const [path = "/"] = (request.url ?? "/").split("?");
    if (!without.test(path) && !watch.answers) return answerAway(request, response, path);
    const began = monotonic();
    if (readsOnly(request)) {
      holdFailure(response, {
        whether: (status) => status === 500 && watch.wasAway(began),
        instead: (real) => answerAway(request, real, path),
      });
    }
    next(request, response);
  };
}

function answerAway(
  request: IncomingMessage,
  response: Pick<ServerResponse, "writeHead" | "end">,
  path: string,
): void {
  const { type, text } = answerFor(request, path);
  response.writeHead(503, {
    "Content-Type": `${type}; charset=utf-8`,
    "Content-Length": Buffer.byteLength(text),
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Retry-After": databaseRetrySeconds,
    "Cache-Control": "no-store",
  });
  response.end(request.method === "HEAD" ? undefined : text);
  discardRest(request);
}

function answerFor(request: IncomingMessage, path: string): { type: string; text: string } {
  const { method, headers } = request;
  const end: AwayEnd = readsOnly(request) ? "reads" : "not-done";
  const message = databaseAwaySentence(end);
  // Next's own script shows the sentence of a form's action only when it comes as plain text.
  if (headers["next-action"] !== undefined) return { type: "text/plain", text: message };
  if ((headers.accept ?? "").includes("text/html")) {
    // A form that was sent is not sent again by itself.
    const again = method === "GET" && !path.startsWith("/api/");
    return { type: "text/html", text: awayPage({ again, end }) };
  }
  const error = { code: databaseAwayCode, message };
  return { type: "application/json", text: JSON.stringify({ error }) };
}
