/** What a failure means for the reader, and what to tell staff. reference: stands in the log; null where there is none. */
export function FailedWords({ reference }: { reference: string | null }) {
  return (
    <p>
      What you handed in before is safe. Try again; if it stays, tell staff{" "}
      {reference === null ? (
        "what you did"
      ) : (
        <>
          the reference <span className="mono">{reference}</span>
        </>
      )}
      .
    </p>
  );
}
