import { formatSpan } from "../../format.ts";
import { Notice } from "../../page/notice.tsx";
import { linesWord } from "../log/log-sections.ts";
import classes from "./connection-notice.module.css";

interface ConnectionNoticeProps {
  /** When the server was last heard, milliseconds since 1970; null: the connection is well. */
  silentSince: number | null;
  /** The run, to come back to after signing in where that is why nothing is heard; null: the reader is signed in. */
  signInFor: string | null;
  now: number;
  /** The run is over. */
  final: boolean;
  /** Of its log. */
  lines: { here: number; all: number };
}

/** That nothing is heard of the server. Lies over the page's foot: what the reader looks at stays where it is. */
export function ConnectionNotice({ silentSince, signInFor, now, final, lines }: ConnectionNoticeProps) {
  if (signInFor !== null) {
    return (
      <div className={classes.place}>
        <SignedOutNotice runId={signInFor} final={final} />
      </div>
    );
  }
  const sentence = silentSince === null ? null : meaning(final, lines);
  return (
    <div className={classes.place}>
      {/* The seconds are no news: only that it broke is said aloud. */}
      <div className="sr" role="status">
        {sentence === null ? "" : `The connection is broken. ${sentence}`}
      </div>
      {silentSince === null ? null : (
        <div aria-hidden>
          <Notice tone="warn">
            The connection is broken: last heard{" "}
            <span className="num">{formatSpan(Math.max(0, Math.floor((now - silentSince) / 1000)))}</span>{" "}
            ago. {sentence}
          </Notice>
        </div>
      )}
    </div>
  );
}

function SignedOutNotice({ runId, final }: { runId: string; final: boolean }) {
  return (
    <Notice tone="warn" announce>
      <b>You are signed out.</b> {final ? "" : "The run goes on, but this page follows it no longer. "}
      <a href={`/sign-in?next=${encodeURIComponent(`/runs/${runId}`)}`} target="_blank" rel="noopener">
        Sign in (in a new tab)
      </a>
      , and this page catches up by itself.
    </Notice>
  );
}

function meaning(final: boolean, { here, all }: ConnectionNoticeProps["lines"]): string {
  if (!final) return "Your run goes on; this page catches up as soon as the connection is back.";
  if (here === all) return "This page catches up as soon as it is back.";
  return `The run is over, but its log is not complete here: ${here.toLocaleString("en")} of ${linesWord(all)}; the rest is fetched as soon as the connection is back.`;
}
