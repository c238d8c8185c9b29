import { plainText } from "./ansi.ts";
import classes from "./log-view.module.css";

/** Seconds after which a page without JavaScript asks again while a run goes on. */
const refreshSeconds = 5;

const emptySentence = (live: boolean) => (live ? "There is no log yet." : "There is no log.");

interface PlainLogProps {
  lines: string[];
  /** The run goes on. */
  live: boolean;
  /** Another run of the submission does, and the page says how it stands. */
  follows: boolean;
}

/** The log's end, and the page's own refresh, for readers without JavaScript. */
export function PlainLog({ lines, live, follows }: PlainLogProps) {
  return (
    <noscript>
      {live || follows ? <meta httpEquiv="refresh" content={String(refreshSeconds)} /> : null}
      <p className={classes.empty}>
        {live || follows ? `This page loads itself again every ${refreshSeconds} seconds. ` : ""}
        {lines.length === 0 ? emptySentence(live) : `The last ${lines.length} lines of the log:`}
      </p>
      {lines.length === 0 ? null : (
        <pre className={`${classes.scroll} ${classes.plain}`}>{lines.map(plainText).join("\n")}</pre>
      )}
    </noscript>
  );
}
