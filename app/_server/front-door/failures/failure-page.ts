import { absent } from "./failure-header.ts";

/** When not even the page about a failure can be made: one file of text that asks for nothing of the site. */
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
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Drydock</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 4rem auto; padding: 0 1rem; }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${words}</p>
<p><a href="/">Drydock's first page</a></p>
</main>
</body>
</html>
`;
  },
};
