import type { IncomingHttpHeaders, RequestListener } from "node:http";
import type { Clock } from "#course/clock.ts";

/** When a request's body arrived at this process, whoever reads it and however late; null: nothing of it so far. */
export interface Arrival {
  firstByteAt: Date | null;
  lastByteAt: Date | null;
}

/** Names the request to whom it is handed on to; the front door drops what callers send under it. */
const arrivalHeader = "x-drydock-arrival";

// The program and Next's bundles are different modules of one process: what they share is global.
const process_ = globalThis as typeof globalThis & { drydockArrivals?: Map<string, Arrival> };

function arrivals(): Map<string, Arrival> {
  process_.drydockArrivals ??= new Map();
  return process_.drydockArrivals;
}

/**
 * Stamps the bytes of each body as they come from the connection, before anybody asks for them: what the server has
 * to do meanwhile is not the sender's time.
 */
export function stampArrival(next: RequestListener, clock: Clock): RequestListener {
  let count = 0;
  return (request, response) => {
    const arrival: Arrival = { firstByteAt: null, lastByteAt: null };
    const push = request.push.bind(request);
    request.push = (chunk: Buffer | null, encoding) => {
      if (chunk !== null && chunk.length > 0) {
        arrival.lastByteAt = clock();
        arrival.firstByteAt ??= arrival.lastByteAt;
      }
      return push(chunk, encoding);
    };
    count += 1;
    const name = String(count);
    request.headers[arrivalHeader] = name;
    arrivals().set(name, arrival);
    response.once("close", () => arrivals().delete(name));
    next(request, response);
  };
}

/** Of the request with these headers; null where it did not come by the front door, as in development. */
export function arrivalOf(headers: Headers | IncomingHttpHeaders): Arrival | null {
  const name = headers instanceof Headers ? headers.get(arrivalHeader) : headers[arrivalHeader];
  return arrivals().get(String(name)) ?? null;
}
