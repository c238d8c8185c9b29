/** Whether the sender is a browser that shows the answer as its next page: a form sent before JavaScript loaded. */
export function wantsPage(request: Request): boolean {
  return (request.headers.get("accept") ?? "").includes("text/html");
}

/** "See other": the browser goes on to the page with GET. */
export function seeOther(path: string): Response {
  return new Response(null, { status: 303, headers: { Location: path } });
}

/** Pages that say by ?refused=<code> why an act of theirs was not done. */
const pagesThatSay =
  /^\/((runs|submissions)\/[\w-]+(\/staff)?|courses\/[\w-]+\/assignments\/[\w-]+\/[\w-]+)$/;

/**
 * A form's refusal as its next page: the page that it was on, which says why by the code, never by a sentence that an
 * address could bring. otherwise: the page for a browser that does not say where it was. null: there is none, or
 * the sender wants no page.
 */
export function refusedOnPage(request: Request, code: string, otherwise?: string): Response | null {
  if (request.method !== "POST" || !wantsPage(request)) return null;
  const from = request.headers.get("referer");
  const path = from !== null && URL.canParse(from) ? new URL(from).pathname : null;
  const page = path !== null && pagesThatSay.test(path) ? path : otherwise;
  return page === undefined ? null : seeOther(`${page}?refused=${encodeURIComponent(code)}`);
}

/** JSON about one person: nothing on the way may keep it. */
export function privateJson(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: { "Cache-Control": "private, no-store" } });
}
