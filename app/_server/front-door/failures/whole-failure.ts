import { randomUUID } from "node:crypto";
import { IncomingMessage, type OutgoingHttpHeaders, type RequestListener, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Log } from "#infra/telemetry/logger.ts";
import { absent, failureHeader, referenceHeader } from "./failure-header.ts";
import { failurePage } from "./failure-page.ts";
import { holdFailure } from "./hold-failure.ts";

/** Longer nobody waits for the page about a failure; the plain one comes then. */
const patienceMs = 10_000;

/**
 * Next answers a page that throws while it is made (and "not found" is thrown) with an empty document, which the
 * browser's script then fills: without JavaScript it stays blank, with it the reader sees it blank first. So in place of
 * a document that failed the page about its failure is sent, under the same address and status; in the browser the
 * router goes by the address that it finds. render: Next alone, with nothing of the front door.
 */
export function wholeFailure(next: RequestListener, render: RequestListener, log: Log): RequestListener {
  return (request, response) => {
    const { headers } = request;
    const reference = randomUUID();
    headers[referenceHeader] = reference;
    if (isDocument(request)) {
      // Of the headers set before, the only one that is about the site and not about the page.
      const strict = response.getHeader("Strict-Transport-Security");
      const kept = strict === undefined ? {} : { "Strict-Transport-Security": strict };
      let status = 0;
      holdFailure(response, {
        whether: (wanted) => {
          status = wanted;
          const type = String(response.getHeader("content-type") ?? "text/html");
          return (wanted === 404 || wanted === 500) && type.startsWith("text/html");
        },
        instead: (real) => {
          const failure = status === 404 ? absent : reference;
          if (failure !== absent) {
            log.error({ reference, method: request.method, path: request.url }, "A page failed.");
          }
          void pageAbout(failure, request, render, log).then(({ headers: own, body }) => {
            real.writeHead(status, { ...own, ...kept, "Content-Length": body.length });
            real.end(request.method === "HEAD" ? undefined : body);
          });
        },
      });
    }
    next(request, response);
  };
}

/** A page that a browser asks for to show, not a part of one that its script asks for. */
function isDocument({ url = "/", headers }: IncomingMessage): boolean {
  const wants = (headers.accept ?? "").includes("text/html");
  const script = headers.rsc !== undefined || headers["next-action"] !== undefined;
  return wants && !script && !/^\/(?:api|_next|\.well-known|schemas)\//.test(url);
}

interface Page {
  headers: OutgoingHttpHeaders;
  body: Buffer;
}

async function pageAbout(
  failure: string,
  request: IncomingMessage,
  render: RequestListener,
  log: Log,
): Promise<Page> {
  const answer = await askFor(failure, request, render);
  const wanted = failure === absent ? 404 : 200;
  if (answer !== null && answer.status === wanted) return answer;
  log.error(
    { failure, path: request.url, status: answer?.status ?? null },
    "The page about a failure could not be made; a plain one is sent.",
  );
  return { headers: failurePage.headers, body: Buffer.from(failurePage.text(failure)) };
}

/** What Next answers this reader about the failure; null when it does not in time. */
function askFor(
  failure: string,
  { headers }: IncomingMessage,
  render: RequestListener,
): Promise<(Page & { status: number }) | null> {
  // A socket of its own: a request that is given up ends the one it came by.
  const again = new IncomingMessage(new Socket());
  const { cookie, accept, host } = headers;
  const own = Object.entries(headers).filter(([name]) => name.startsWith("x-"));
  again.method = "GET";
  // Nothing is at the first, so that Next answers what it does where nothing is.
  again.url = failure === absent ? "/absent" : "/failed";
  // Nothing that asks for a part, for a packed answer or for one from a cache.
  again.headers = { ...Object.fromEntries(own), cookie, accept, host, [failureHeader]: failure };
  again.push(null);
  const answer = new ServerResponse(again);
  const parts: Buffer[] = [];
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patienceMs, null);
    const take = (chunk: unknown) => {
      if (typeof chunk === "string" || chunk instanceof Uint8Array) parts.push(Buffer.from(chunk));
    };
    const write = (chunk: unknown) => {
      take(chunk);
      return true;
    };
    const end = (chunk: unknown) => {
      take(chunk);
      clearTimeout(timer);
      const { statusCode: status } = answer;
      resolve({ status, headers: pageHeaders(answer.getHeaders()), body: Buffer.concat(parts) });
      // For whoever waits until it is sent.
      answer.emit("finish");
      answer.emit("close");
      return answer;
    };
    Object.assign(answer, { write, end, flushHeaders: () => undefined });
    render(again, answer);
  });
}

/** Headers of the page, without those of how it was to be sent and of how Next came to it. */
function pageHeaders(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  const sent =
    /^(?:transfer-encoding|content-length|content-encoding|connection|keep-alive|date|etag|x-middleware)/;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !sent.test(name)));
}
