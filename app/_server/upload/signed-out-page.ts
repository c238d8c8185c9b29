import { plainPage } from "../front-door/plain-page.ts";

/**
 * The answer to work that a plain form sent after the session had ended. A browser keeps the files of a form only as
 * long as the page that it sent it for: loaded again, this one sends them again, where a redirect would lose them.
 */
export function signedOutPage(next: string): Response {
  const signIn = `/sign-in?next=${encodeURIComponent(next)}`;
  const page = plainPage({
    title: "Not handed in · Drydock",
    main: `<h1>Not handed in: you are signed out.</h1>
<p>Nothing was taken, and nothing you handed in before has changed.</p>
<ol>
<li><a href="${signIn}" target="_blank" rel="noopener">Sign in</a> (in a new tab).</li>
<li>Come back to this page, load it again, and let your browser send the form once more: your files go with it.</li>
</ol>`,
  });
  return new Response(page, {
    status: 401,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy":
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
      "Cache-Control": "no-store",
    },
  });
}
