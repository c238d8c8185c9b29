import type { IncomingHttpHeaders, RequestListener } from "node:http";
import { addressHeader } from "#infra/auth/address-header.ts";
import { clientAddress, type IsTrustedProxy } from "./client-address.ts";

/** Headers by which a caller could claim an address or pass for a part of this server. */
const claims = ["x-forwarded-for", "x-real-ip", "forwarded", "x-nonce"];
const own = "x-drydock-";

/** A year, as browsers keep it: whoever came by TLS once comes by nothing else. */
const strictTransport = "max-age=31536000";

/**
 * What every request passes before Next sees it: the caller's true address goes into a header that no caller can
 * write, and what callers claim of themselves is dropped.
 */
export function frontDoor(
  next: RequestListener,
  options: { isTrusted: IsTrustedProxy; https: boolean },
): RequestListener {
  return (request, response) => {
    const { headers } = request;
    const address = clientAddress(
      request.socket.remoteAddress,
      textOf(headers["x-forwarded-for"]),
      options.isTrusted,
    );
    dropClaims(headers);
    headers[addressHeader] = address;
    // Next would put the connection's address here, which is a proxy's where there is one.
    headers["x-forwarded-for"] = address;
    if (options.https) response.setHeader("Strict-Transport-Security", strictTransport);
    next(request, response);
  };
}

function dropClaims(headers: IncomingHttpHeaders): void {
  for (const name of Object.keys(headers))
    if (claims.includes(name) || name.startsWith(own)) delete headers[name];
}

/** Node joins what came several times with commas, but its types do not say so. */
function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(",") : header;
}
