import { type NextRequest, NextResponse } from "next/server";

/**
 * Gives every page a Content-Security-Policy with a nonce of its own: no script runs that this server did not
 * write, whatever a student managed to put into a page. Styles may be inline because Mantine sizes with style
 * attributes. The API answers no HTML and streams large bodies, so it stays out of the matcher.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce);
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  // Where to come back to after signing in; requirePage reads it.
  headers.set("x-drydock-path", request.nextUrl.pathname + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
}

function contentSecurityPolicy(nonce: string): string {
  // React's development build explains server errors through eval; the production build has none.
  // biome-ignore lint/style/noProcessEnv: Next puts the value of the build here, and this file runs without our configuration.
  const development = process.env.NODE_ENV === "development" ? " 'unsafe-eval'" : "";
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export const config = {
  // Prefetched pages too: whoever sends that header would else get a page without a policy, and write our headers.
  matcher: ["/((?!api/|_next/static|_next/image|favicon.ico|\\.well-known/|schemas/).*)"],
};
