import { plainPage } from "../plain-page.ts";
import { absent } from "./failure-header.ts";

/** When not even the page about a failure can be made. */
export const failurePage = {
  headers: {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  },
  /** failure: absent, or the reference of ours that the log has. */
  text(failure: string): string {
    const [title, words] =
      failure === absent
        ? ["We cannot find that page.", "The address may be mistyped, or the page is not for this account."]
        : [
            "This page failed on our side.",
            `What you handed in before is safe. Load the page again; if it stays, tell staff the reference ${failure}.`,
          ];
    return plainPage({
      title: `${title} · Drydock`,
      main: `<h1>${title}</h1>
<p>${words}</p>
<p><a href="/">Drydock's first page</a></p>`,
    });
  },
};
