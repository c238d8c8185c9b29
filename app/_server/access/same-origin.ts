import { AppError } from "#course/errors.ts";
import { trustedOrigins } from "#infra/auth/trusted-origins.ts";
import { isBearer } from "./actor.ts";

const harmless = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * A browser sends its cookies with whatever form another site makes it post, so a request that changes something
 * with cookies must say that it comes from our own pages. A bearer token is never sent by itself and needs no such
 * proof. Throws AppError.
 */
export function refuseCrossSite(request: Request, baseUrl: string): void {
  if (harmless.has(request.method) || isBearer(request.headers) || !request.headers.has("cookie")) return;
  if (request.headers.get("sec-fetch-site") === "same-origin") return;
  const origin = request.headers.get("origin");
  if (origin !== null && trustedOrigins(baseUrl).includes(origin)) return;
  throw new AppError({
    code: "cross-site",
    userMessage: `Requests with cookies must come from ${new URL(baseUrl).origin} and say so in Origin; programs send a bearer token instead.`,
  });
}
