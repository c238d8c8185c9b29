"use client";

/** Shown when even the frame of the site failed, so it relies on nothing of it. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body
        style={{
          fontFamily: "system-ui, sans-serif",
          maxWidth: "34rem",
          margin: "4rem auto",
          padding: "0 1rem",
        }}
      >
        <h1>Drydock failed on our side.</h1>
        <p>
          Nothing you handed in is affected. Load the page again; if it stays, tell staff
          {error.digest ? ` the reference ${error.digest}` : " what you did"}.
        </p>
      </body>
    </html>
  );
}
